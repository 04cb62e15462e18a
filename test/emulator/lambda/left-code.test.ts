import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startEmulator } from '../../../src/emulator/index.ts';

test('code that an emulator has left behind because it was killed is removed by the next one', async () => {
  const dead = spawnSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))'], { encoding: 'utf8' }).stdout;
  const [left, used] = [dead, String(process.pid)].map((pid) => mkdtempSync(join(tmpdir(), `agentstream-lambda-${pid}-`)));
  const emulator = await startEmulator();
  try {
    await expect.poll(() => existsSync(left ?? '')).toBe(false);
    expect(existsSync(used ?? '')).toBe(true);
  } finally {
    await emulator.close();
    rmSync(used ?? '', { recursive: true });
  }
});

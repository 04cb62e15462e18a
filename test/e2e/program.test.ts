import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, runBin } from '../helpers/spawned.ts';

test('runs from its bin file', async () => {
  const result = await runBin(['--version']);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(result.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('without credentials it says what to do', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const result = await runBin(['status'], { HOME: home, AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true' });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toMatch(/error: no AWS credentials: .*\nhint: give --profile.*without an account: agentstream dev/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('without a Region it says so', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const result = await runBin(['status'], { HOME: home, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/no AWS Region is set\nhint: give --region/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a reader that goes away ends it quietly', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${BIN}" template | head -n 1`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += String(part)));
  child.stderr.on('data', (part: Buffer) => (stderr += String(part)));
  await once(child, 'close');
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^# Rendered by .*\n$/), '']);
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a short soak is flat, leaves nothing, and prints its figures', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/soak.js', '10', '4', '8']);
  expect(stdout).toMatch(/^heap of the client, MB(?: +\d+\.\d){4}$/m);
  expect(stdout).toMatch(/^sessions +0\.0 .* 0\.0$/m);
  expect(stdout).toMatch(/^turns by api +.*\d+ ok/m);
  expect(stdout).toContain('all flat, nothing left');
});

import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

test('a short soak leaves nothing, and prints its figures', async () => {
  const printed = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['bench/soak.js', '10', '4', '8'], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(printed).toMatch(/^heap of the client, MB(?: +\d+\.\d){4}$/m);
  expect(printed).toMatch(/^sessions +0\.0 .* 0\.0$/m);
  expect(printed).toMatch(/^turns by api +.*\d+ ok/m);
  expect(printed).toMatch(/^nothing left/m);
});

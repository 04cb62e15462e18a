// Tries each property of the tests with other cases than the suite does, and more: five times as many take two to three minutes on two
// idle cores. Prints how many cases each has passed; a failure with its smallest case. The same two numbers find it again.
//   npm run fuzz [-- TIMES [SEED]]
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [, , times = '5', seed = String(randomInt(2 ** 31))] = process.argv;
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => join('test', name))
  .filter((name) => name.endsWith('.test.ts') && readFileSync(name, 'utf8').includes("from 'fast-check'"));

console.log(`seed ${seed}: the properties of ${files.length} files, ${times} times the cases of the suite`);
const args = ['--no-install', 'vitest', 'run', `--testTimeout=${3_600_000 * Number(times)}`, ...files];
const env = { ...process.env, AGENTSTREAM_FUZZ_TIMES: times, AGENTSTREAM_FUZZ_SEED: seed };
const suite = spawn('npx', args, { stdio: ['ignore', 'pipe', 'inherit'], env, shell: process.platform === 'win32' });
const ended = once(suite, 'close');
/** @type {string[]} */
const others = [];
for await (const line of createInterface(suite.stdout)) {
  // As test/helpers/properties.ts writes it.
  if (/^ *\d+ cases /.test(line)) console.log(line);
  else others.push(line);
}
const [status] = await ended;
if (status !== 0) console.log(others.join('\n'));
console.log(`${status === 0 ? 'all hold' : 'a property failed'}; again: npm run fuzz -- ${times} ${seed}`);
process.exitCode = status ?? 1;

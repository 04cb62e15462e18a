// Makes small mistakes in the sources, one at a time, and tells which of them no test notices. COUNT mistakes in each ROOM (lambda,
// agent-events, figures, stack; all by default), chosen by SEED and spread over the files. Prints each, and how many were killed. Exits with
// 1 when that is less than 90 % in a room, or when the unchanged tree fails. COUNT is 18, meant for 20 minutes on two idle cores; a busy machine
// takes much longer, above all for the stack, and kills by chance.
//   npm run mutate [-- COUNT [SEED [ROOM ...]]]
//
// A script of our own, since StrykerJS 10 wants Node.js 22, cannot choose one of vitest's projects, and keeps all mutants in one
// instrumented file that a variable of the environment switches: the function is bundled into 51,200 bytes and runs in a process without
// that environment. TypeScript 7 has no stable parser to import, so scripts/mutate/mutants.js takes that of rolldown.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutantsOf } from './mutate/mutants.js';
import { seededRandom } from '../dist/emulator/kernel/seeded-random.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/**
 * Sources, and how the paths of their tests begin.
 * @type {Readonly<Record<string, { sources: string, tests: readonly string[] }>>}
 */
const ROOMS = {
  lambda: { sources: 'lambda', tests: ['test/lambda/', 'test/commands/deploy-handler'] },
  'agent-events': { sources: 'src/agent-events', tests: ['test/agent-events/', 'test/stream/'] },
  figures: { sources: 'src/bench/figures', tests: ['test/bench/figures/', 'test/bench/report/', 'test/bench/read-plan'] },
  stack: {
    sources: 'src/stack',
    tests: [
      'test/stack/',
      'test/templates/',
      ...['deploy', 'destroy', 'iam-policy', 'key', 'logs', 'status'].map((name) => `test/commands/${name}`),
    ],
  },
};
/** Tests that see the built program alone, or need software outside package.json. */
const ELSEWHERE = /helpers\/tmux\.ts|find-runtime-client\.ts/;

const COPIES = 2;
const LEAST_KILLED = 0.9;
/** A test may take so long; a run of tests three times what it took unchanged, and this. */
const TEST_TIMEOUT_MS = 60_000;
const SLACK_MS = 20_000;
/** So long may the nearest tests take together; the others follow, the shortest first, in lots of which each takes twice as long. */
const FIRST_LOT_MS = 8_000;
const VITEST = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--maxWorkers=1',
  // In the copy: modules that have not changed need not be read anew by each run.
  '--experimental.fsModuleCache',
  '--experimental.fsModuleCachePath=vitest-cache',
  ...['testTimeout', 'hookTimeout', 'expect.poll.timeout'].map((name) => `--${name}=${TEST_TIMEOUT_MS}`),
];
/** A tenth of the cases of each property: what thousands do not stand, few of them stand. */
const ENVIRONMENT = { ...process.env, AGENTSTREAM_FUZZ_TIMES: '0.1' };
const MUTANT_CONFIG = 'tsconfig.mutant.json';
/** A name that a mutant leaves unused is no reason to refuse it. */
const MUTANT_OPTIONS = { noUnusedLocals: false, noUnusedParameters: false, incremental: true };
/** In the line that tells of a mutant. */
const CONTEXT_CHARACTERS = 32;
const LONGEST_SHOWN = 60;

const [, , count = '18', seed = String(randomInt(2 ** 31)), ...named] = process.argv;
const rooms = named.length > 0 ? named : Object.keys(ROOMS);
const random = seededRandom(Number(seed));
const folder = mkdtempSync(join(tmpdir(), 'agentstream-mutate-'));
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) killGroup(child);
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

console.log(`seed ${seed}: ${count} mutants in each of ${rooms.join(', ')}`);
const copies = Array.from({ length: COPIES }, (_, index) => copyTree(join(folder, String(index))));
const table = [];
for (const name of rooms) table.push(await tryRoom(name));
console.table(table);
console.log(`again: npm run mutate -- ${count} ${seed} ${rooms.join(' ')}`);
if (table.some(({ killed, tried }) => killed < tried * LEAST_KILLED)) process.exitCode = 1;

/**
 * @typedef {import('./mutate/mutants.js').Mutant & { file: string, text: string }} Placed a mutant and the source that it changes
 * @typedef {'passed' | 'failed' | 'too long'} Verdict
 */

/** @param {string} name */
async function tryRoom(name) {
  const { sources, tests } = ROOMS[name] ?? { sources: '', tests: [] };
  if (sources === '') throw new Error(`no room ${name}: ${Object.keys(ROOMS).join(', ')}`);
  const files = filesIn(sources).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const mutants = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return mutantsOf(text).map((mutant) => ({ ...mutant, file, text }));
  });
  const durations = await runUnchanged(
    filesIn('test').filter((file) => file.endsWith('.test.ts') && tests.some((start) => file.startsWith(start))),
  );
  const found = { passed: 0, failed: 0, 'too long': 0 };
  const strata = sample(mutants, Number(count)).entries();
  await Promise.all(
    copies.map(async (copy) => {
      for (const [index, candidates] of strata) {
        for (const mutant of candidates) {
          const verdict = await tryMutant(copy, mutant, durations);
          if (verdict === 'invalid') continue;
          found[verdict] += 1;
          const said = { passed: 'SURVIVED', failed: 'killed', 'too long': 'killed by time' }[verdict];
          console.log(`${name} ${index + 1}/${count} ${said.padEnd(14)} ${describe(mutant)}`);
          break;
        }
      }
    }),
  );
  const killed = found.failed + found['too long'];
  return { room: name, mutants: mutants.length, tried: killed + found.passed, killed, 'by time': found['too long'] };
}

/**
 * The same seed gives the same: cuts the list into `wanted` parts of one length, so that each file is met by the number of its mutants,
 * and shuffles each. The first mutant of a part counts that the compiler does not refuse when the tests have let it pass.
 * @param {Placed[]} mutants
 * @param {number} wanted
 */
function sample(mutants, wanted) {
  const cut = (/** @type {number} */ part) => Math.floor((part * mutants.length) / wanted);
  return Array.from({ length: wanted }, (_, part) => {
    const keyed = mutants.slice(cut(part), cut(part + 1)).map((mutant) => ({ mutant, key: random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ mutant }) => mutant);
  });
}

/**
 * Runs the nearest tests first, then the others, then the compiler.
 * @param {string} copy
 * @param {Placed} mutant
 * @param {ReadonlyMap<string, number>} durations of each file of tests, ms
 * @returns {Promise<Verdict | 'invalid'>} `invalid` when only the compiler notices it
 */
async function tryMutant(copy, { file, text, start, end, after }, durations) {
  writeFileSync(join(copy, file), text.slice(0, start) + after + text.slice(end));
  try {
    const [nearest = [], ...others] = lotsFor(file, durations);
    for (const tests of [nearest, ...others]) {
      const usualMs = tests.reduce((sum, test) => sum + (durations.get(test) ?? 0), 0);
      const tryOnce = () => run(copy, [...VITEST, '--bail=1', '--reporter=dot', ...tests], usualMs * 3 + SLACK_MS);
      let verdict = await tryOnce();
      // The others open sockets and may fail on a busy machine without a reason: what they notice, they notice twice.
      if (verdict !== 'passed' && tests !== nearest) verdict = await tryOnce();
      if (verdict !== 'passed') return verdict;
    }
    const types = await run(copy, ['node_modules/typescript/bin/tsc', '-p', MUTANT_CONFIG], SLACK_MS * 3);
    return types === 'passed' ? 'passed' : 'invalid';
  } finally {
    writeFileSync(join(copy, file), text);
  }
}

/**
 * @param {string} file
 * @param {ReadonlyMap<string, number>} durations
 * @returns {string[][]} all tests
 */
function lotsFor(file, durations) {
  const byNearness = [...durations.keys()].sort((a, b) => nearness(b, file) - nearness(a, file));
  const timeOf = (/** @type {string} */ test) => durations.get(test) ?? 0;
  const lots = [];
  for (let rest = byNearness, limitMs = FIRST_LOT_MS; rest.length > 0; limitMs *= 2) {
    let [count, ms] = [1, timeOf(rest[0] ?? '')];
    while (count < rest.length && (ms += timeOf(rest[count] ?? '')) < limitMs) count += 1;
    lots.push(rest.slice(0, count));
    rest = rest.slice(count).sort((a, b) => timeOf(a) - timeOf(b));
  }
  return lots;
}

/**
 * Words that the names share, and more when the test imports the file.
 * @param {string} test
 * @param {string} file
 */
function nearness(test, file) {
  const wordsOf = (/** @type {string} */ path) => basename(path).split('.', 1)[0]?.split('-') ?? [];
  const shared = wordsOf(file).filter((word) => wordsOf(test).includes(word));
  return shared.length + (readFileSync(test, 'utf8').includes(`/${basename(file)}'`) ? 2 : 0);
}

/**
 * @param {string[]} tests
 * @returns {Promise<Map<string, number>>} how long each took, ms
 */
async function runUnchanged(tests) {
  const [copy = ''] = copies;
  const seen = tests.filter((test) => !ELSEWHERE.test(readFileSync(test, 'utf8')));
  const verdict = await run(copy, [...VITEST, '--reporter=json', '--outputFile=unchanged.json', ...seen], 600_000);
  /** @type {{ testResults: { name: string, status: string, startTime: number, endTime: number }[] }} */
  const { testResults } = JSON.parse(readFileSync(join(copy, 'unchanged.json'), 'utf8'));
  const failed = testResults.filter(({ status }) => status !== 'passed').map(({ name }) => name);
  if (verdict !== 'passed') throw new Error(`the unchanged tree fails: ${[verdict, ...failed].join(' ')}`);
  return new Map(testResults.map(({ name, startTime, endTime }) => [relative(copy, name), endTime - startTime]));
}

/**
 * Runs Node.js in a process group of its own, of which nothing is left afterwards.
 * @param {string} cwd
 * @param {string[]} args
 * @param {number} limitMs
 * @returns {Promise<Verdict>}
 */
async function run(cwd, args, limitMs) {
  const child = spawn(process.execPath, args, { cwd, env: ENVIRONMENT, stdio: 'ignore', detached: true });
  running.add(child);
  const timer = setTimeout(() => killGroup(child), limitMs);
  const [status] = await once(child, 'exit');
  clearTimeout(timer);
  running.delete(child);
  killGroup(child);
  return status === 0 ? 'passed' : status === null ? 'too long' : 'failed';
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup({ pid }) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The line of the change, before and after it. @param {Placed} mutant */
function describe({ file, text, start, end, after }) {
  const line = text.slice(0, start).split('\n').length;
  const head = text.slice(Math.max(text.lastIndexOf('\n', start - 1) + 1, start - CONTEXT_CHARACTERS), start);
  const tail = text.slice(end, end + CONTEXT_CHARACTERS).split('\n', 1)[0] ?? '';
  const [before, changed] = [text.slice(start, end), after].map((middle) => {
    const short = middle.length > LONGEST_SHOWN ? `${middle.slice(0, LONGEST_SHOWN)}...` : middle;
    return (head + short + tail).replaceAll(/\s+/g, ' ').trim();
  });
  return `${file}:${line}  ${before}  ->  ${changed}`;
}

/** @param {string} under */
function filesIn(under) {
  const names = readdirSync(under, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(under, name)).sort();
}

/** @param {string} to */
function copyTree(to) {
  const linked = ['dist', 'node_modules'];
  cpSync('.', to, { recursive: true, filter: (name) => ![...linked, '.git'].includes(name) });
  for (const name of linked) symlinkSync(resolve(name), join(to, name));
  const config = { extends: './tsconfig.json', include: ['src', 'lambda'], compilerOptions: MUTANT_OPTIONS };
  writeFileSync(join(to, MUTANT_CONFIG), JSON.stringify(config));
  return to;
}

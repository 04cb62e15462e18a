// Lets receivers follow one sender, in turns over several rounds, and prints what they cost: the machine's own changes of pace then
// hit all of them alike, and the ratio stays.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * @typedef {object} Comparison
 * @property {string} receivers path of the file that exports RECEIVERS
 * @property {readonly string[]} names
 * @property {string} reference what the ratios are to
 * @property {readonly string[]} [exact] those that have to see each event
 * @property {number} streams
 * @property {number} rate events per second over all streams
 * @property {number} seconds
 * @property {number} warmUpSeconds of them, in no figure
 * @property {boolean} [pins] each process on a core of its own, where the system can do that: the CPU time of one then does not depend on
 *   the other, but V8's helper threads have to share that core with the event loop
 * @property {number} rounds
 *
 * @typedef {{ cpuMicros: number, p50Ms: number, p99Ms: number, counted: number }} Result
 */

const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;
const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {Comparison} comparison
 * @returns {Promise<(name: string) => { ratio: number, p99Ms: number }>}
 */
export async function compareReceivers(comparison) {
  const { receivers, names, reference, exact = [], rounds } = comparison;
  const { streams, rate, seconds, warmUpSeconds } = comparison;
  const pins = comparison.pins === true && canPin;
  /** @type {Record<string, Result[]>} */
  const results = Object.fromEntries(names.map((name) => [name, []]));
  await withSender({ streams, rate, seconds, pins }, async (url) => {
    for (let round = 0; round < rounds; round += 1) {
      // Each is as often the first as any other.
      for (let turn = 0; turn < names.length; turn += 1) {
        const name = names[(round + turn) % names.length] ?? '';
        const numbers = [streams, rate, seconds, warmUpSeconds].map(String);
        const told = await runReceiver([file('receiver.js'), receivers, name, url, ...numbers], pins);
        const result = /** @type {Result} */ (JSON.parse(told));
        if (exact.includes(name) && result.counted !== rate * seconds) {
          throw new Error(`${name} has seen ${result.counted} of ${rate * seconds} events`);
        }
        results[name]?.push(result);
      }
    }
  });
  const of = (/** @type {string} */ name, /** @type {keyof Result} */ what) =>
    median((results[name] ?? []).map((result) => result[what]));
  const ratioOf = (/** @type {string} */ name) =>
    median(
      (results[name] ?? []).map(({ cpuMicros }, round) => cpuMicros / (results[reference]?.[round]?.cpuMicros ?? Number.NaN)),
    );
  console.log(
    `${rate} events/s over ${streams} streams, ${seconds} s, medians of ${rounds} rounds, Node.js ${process.versions.node}${pins ? ', each process on its own core' : ''}`,
  );
  console.log('                   CPU an event   ratio   stamp error p50       p99');
  for (const name of names) {
    console.log(
      `${name.padEnd(18)} ${of(name, 'cpuMicros').toFixed(1).padStart(9)} us   x ${ratioOf(name).toFixed(2)}   ${of(name, 'p50Ms').toFixed(2).padStart(12)} ms ${of(name, 'p99Ms').toFixed(2).padStart(6)} ms`,
    );
  }
  return (name) => ({ ratio: ratioOf(name), p99Ms: of(name, 'p99Ms') });
}

/**
 * Runs a sender as long as it is used.
 * @template T
 * @param {Pick<Comparison, 'streams' | 'rate' | 'seconds' | 'pins'>} what
 * @param {(url: string) => Promise<T>} use
 */
export async function withSender({ streams, rate, seconds, pins = false }, use) {
  const script = [file('sender.js'), ...[streams, rate, seconds].map(String)];
  const { command, args } = on(pins ? 1 : undefined, script);
  const sender = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise((resolve) => {
      sender.stdout.once('data', (bytes) => resolve(Number(String(bytes))));
    });
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    sender.kill();
  }
}

/**
 * Runs a script in a process of its own, beside the sender.
 * @param {string[]} script with its arguments
 * @param {boolean} [pins] to a core that the sender does not use
 * @returns what it printed
 */
export async function runReceiver(script, pins = false) {
  const { command, args } = on(pins ? 0 : undefined, script);
  const { stdout } = await promisify(execFile)(command, args);
  return stdout;
}

/**
 * @param {number | undefined} core undefined: any
 * @param {string[]} args
 */
function on(core, args) {
  return core !== undefined
    ? { command: 'taskset', args: ['-c', String(core), process.execPath, ...args] }
    : { command: process.execPath, args };
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

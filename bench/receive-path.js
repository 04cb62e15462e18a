// What it costs to receive a stream, and how late its time stamps are: CPU per event of the whole receive path (socket, HTTP, SSE,
// agent events, metrics) beside `node:http` on('data') alone and beside fetch piped through parser streams. One sender, then one
// receiver after another, each in a process of its own, in turns over several rounds. The ratio is what counts:
//   npm run bench:receive [-- ROUNDS]
import { execFile, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RECEIVERS } from './receive-path/receivers.js';

const STREAMS = 100;
const RATE = 10_000;
const SECONDS = 4;
const ROUNDS = Number(process.argv[2] ?? 9);
const MAX_RATIO = 1.3;
const MAX_P99_MS = 5;

const REFERENCE = 'node:http';
const SUBJECT = 'agentstream';
const file = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`./receive-path/${name}`, import.meta.url));
// The sender and the receiver each on a core of its own, where the system can do that.
const canPin = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;
const on = (/** @type {number} */ core, /** @type {string[]} */ args) =>
  canPin
    ? { command: 'taskset', args: ['-c', String(core), process.execPath, ...args] }
    : { command: process.execPath, args };

const sending = on(1, [file('sender.js'), `${STREAMS}`, `${RATE}`, `${SECONDS}`]);
const sender = spawn(sending.command, sending.args, { stdio: ['ignore', 'pipe', 'inherit'] });
const port = await new Promise((resolve) => {
  sender.stdout.once('data', (bytes) => resolve(Number(String(bytes))));
});

const names = Object.keys(RECEIVERS);
/** @type {Record<string, { cpuMicros: number, p50Ms: number, p99Ms: number }[]>} */
const results = Object.fromEntries(names.map((name) => [name, []]));
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    // Each is as often the first as any other.
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? '';
      const events = RATE * SECONDS;
      const url = `http://127.0.0.1:${port}`;
      const receiving = on(0, [
        file('receiver.js'),
        name,
        url,
        `${STREAMS}`,
        `${RATE}`,
        `${SECONDS}`,
      ]);
      const { stdout } = await promisify(execFile)(receiving.command, receiving.args);
      const result = JSON.parse(stdout);
      if (name !== REFERENCE && result.counted !== events) {
        throw new Error(`${name} has seen ${result.counted} of ${events} events`);
      }
      results[name]?.push(result);
    }
  }
} finally {
  sender.kill();
}

const of = (/** @type {string} */ name, /** @type {'cpuMicros' | 'p50Ms' | 'p99Ms'} */ what) =>
  median((results[name] ?? []).map((result) => result[what]));
const ratioOf = (/** @type {string} */ name) =>
  median(
    (results[name] ?? []).map(
      ({ cpuMicros }, round) => cpuMicros / (results[REFERENCE]?.[round]?.cpuMicros ?? Number.NaN),
    ),
  );

console.log(
  `${RATE} events/s over ${STREAMS} streams, ${SECONDS} s, medians of ${ROUNDS} rounds, Node.js ${process.versions.node}${canPin ? ', each process on its own core' : ''}`,
);
console.log('                   CPU an event   ratio   stamp error p50       p99');
for (const name of names) {
  console.log(
    `${name.padEnd(18)} ${of(name, 'cpuMicros').toFixed(1).padStart(9)} us   x ${ratioOf(name).toFixed(2)}   ${of(name, 'p50Ms').toFixed(2).padStart(12)} ms ${of(name, 'p99Ms').toFixed(2).padStart(6)} ms`,
  );
}
const ratio = ratioOf(SUBJECT);
const p99Ms = of(SUBJECT, 'p99Ms');
console.log(
  `the whole receive path costs ${ratio.toFixed(2)} times ${REFERENCE} (at most ${MAX_RATIO} wanted), p99 stamp error ${p99Ms.toFixed(2)} ms (under ${MAX_P99_MS} wanted)`,
);
process.exitCode = ratio <= MAX_RATIO && p99Ms < MAX_P99_MS ? 0 : 1;

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

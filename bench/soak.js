// Streams for minutes, through API Gateway and the function and directly to AgentCore at once, by the engine of `bench`: some answers end
// well, some break off, some are refused, some are given up by the client. Memory after a garbage collection and open descriptors of the
// client, the emulator and the functions may not grow from the second third of the time to the last (of a minute or more); at the end no
// session, answer or connection may be left. Exits with 1 when one is.
//   npm run soak [-- SECONDS [STREAMS [DIRECT_STREAMS]]]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClientDriver } from '../dist/bench/run/client-driver.js';
import { monotonicNow } from '../dist/bench/run/run-clock.js';
import { runLoad } from '../dist/bench/run/run-load.js';
import { createAgentCoreTransport } from '../dist/endpoint/agentcore.js';
import { createApiGatewayTransport } from '../dist/endpoint/api-gateway.js';
import { AGENT_ARN, REGION } from './soak/chain.js';
import { descriptorsOf, heapMb, mean } from './soak/figures.js';

const [seconds = 180, streams = 100, directStreams = 200] = process.argv.slice(2).map(Number);
const SAMPLES = 30;
/** A stream lasts so long; with `take long` it does not end. */
const streamMs = Math.min(8_000, seconds * 40);
/** The client gives a stream up then: late enough for the others to end on a slow machine. */
const giveUpMs = Math.max(3 * streamMs, 15_000);
/** In a shorter run processes still warm up: it tells what is left at the end, and no growth. */
const judgesGrowth = seconds >= 60;
/** What may be more in the last third than in the second: noise of the garbage collector and of streams that end as they like. */
const MOST_GROWTH = 0.1;
/** Two of five prompts end well. */
const LEAST_OK = 0.3;
const SLACK_MB = 3;
const SLACK_COUNT = 10;
/** Columns of the table. */
const WIDTHS = [8, 11, 12, 12];
/** Sockets and answers that nobody hears have so long to settle. */
const REST_MS = 60_000;

/** @typedef {import('../dist/stream/stream-part.js').Hop} Hop */

// As in bin/agentstream.js.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
const chain = fork(fileURLToPath(new URL('soak/chain.js', import.meta.url)), [String(streamMs)]);
const [{ endpointUrl, credentials, url }] = await once(chain, 'message');

/** @returns {Promise<Record<string, number | undefined>>} by name */
async function sample() {
  chain.send('measure');
  const [figures] = await once(chain, 'message');
  const {
    heapMb: emulatorMb,
    descriptors,
    functionMb,
    functionDescriptors,
    functions,
    sessions,
    answers,
  } = /** @type {import('./soak/chain.js').ChainFigures} */ (figures);
  return {
    'heap of the client, MB': heapMb(),
    'heap of the emulator, MB': emulatorMb,
    'memory of a function, MB': functionMb,
    'descriptors of the client': descriptorsOf(process.pid),
    'descriptors of the emulator': descriptors,
    'descriptors of a function': functionDescriptors,
    functions,
    sessions,
    answers,
  };
}

/** @type {Record<string, Record<string, number>>} */
const outcomes = { api: {}, agentcore: {} };
const stop = new AbortController();

/** @param {Hop} hop @param {number} level @param {import('../dist/endpoint/transport.js').Transport} transport */
async function load(hop, level, transport) {
  const connection = { transport, idleLimitMs: undefined, close: () => transport.close() };
  const run = runLoad(
    {
      hops: [hop],
      // Execution environments start one after another.
      load: {
        model: 'closed',
        arrival: 'constant',
        startLevel: 0,
        stages: [
          { durationMs: seconds * 300, level },
          { durationMs: seconds * 700, level },
        ],
      },
      warmupMs: 0,
      graceMs: 60_000,
      conversations: [['speak'], ['break off'], ['speak'], ['refuse'], ['take long']],
      session: { type: 'per-vu' },
      keepsSessions: false,
      paces: {},
      seed: 1,
      timers: {},
    },
    {
      driver: createClientDriver(new Map([[hop, connection]]), undefined),
      worker: { index: 0, count: 1, firstIndex: 0 },
      startAt: monotonicNow(),
      signal: stop.signal,
      onTurn({ outcome, code }) {
        const name = code ?? outcome;
        const counts = (outcomes[hop] ??= {});
        counts[name] = (counts[name] ?? 0) + 1;
      },
    },
  );
  const { sessions } = await run.result;
  await transport.close();
  return sessions.left;
}

const timers = { connectMs: 60_000, totalMs: giveUpMs };
const before = await sample();
const running = Promise.all([
  load('api', streams, createApiGatewayTransport({ url, auth: { type: 'none' } }, { timers })),
  load(
    'agentcore',
    directStreams,
    createAgentCoreTransport(
      { access: { region: REGION, endpointUrl, credentials }, agentRuntimeArn: AGENT_ARN, qualifier: 'DEFAULT' },
      { timers },
    ),
  ),
]);
const startedAt = performance.now();
/** @type {Record<string, number | undefined>[]} */
const samples = [];
for (let taken = 1; taken <= SAMPLES; taken += 1) {
  // The last one before the load ends.
  await sleep(startedAt + (taken * seconds * 1_000) / (SAMPLES + 1) - performance.now());
  samples.push(await sample());
}
const left = (await running).reduce((sum, count) => sum + count, 0);
let after = await sample();
for (const until = Date.now() + REST_MS; Date.now() < until && !isAtRest(after); after = await sample()) await sleep(500);
chain.send('close');
await once(chain, 'exit');

/** @type {string[]} */
const failures = [];
console.log(
  `${seconds} s, ${streams} streams through API and function, ${directStreams} direct, Node.js ${process.versions.node}`,
);
console.log(`${''.padEnd(28)}  before  2nd third  last third  at the end`);
for (const name of Object.keys(before)) {
  const third = (/** @type {number} */ index) =>
    mean(samples.slice((SAMPLES / 3) * index, (SAMPLES / 3) * (index + 1)).map((one) => one[name]));
  const values = [before[name], third(1), third(2), after[name]];
  const [, early, late] = values;
  const slack = name.endsWith('MB') ? SLACK_MB : SLACK_COUNT;
  const grows = judgesGrowth && early !== undefined && late !== undefined && late > early * (1 + MOST_GROWTH) + slack;
  if (grows) failures.push(`${name}: grows`);
  const cells = values.map((value, index) => (value?.toFixed(1) ?? '-').padStart(WIDTHS[index] ?? 0));
  console.log(`${name.padEnd(28)}${cells.join('')}${grows ? '  GROWS' : ''}`);
}
for (const [hop, counts] of Object.entries(outcomes)) {
  const words = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  console.log(`turns by ${hop.padEnd(10)} ${words.join(', ')}`);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const share = (counts['ok'] ?? 0) / all;
  if (!(share >= LEAST_OK))
    failures.push(`${hop}: ${counts['ok'] ?? 0} of ${all} turns are ok: too many streams for this machine`);
}
for (const name of ['sessions', 'answers']) if (after[name] !== 0) failures.push(`${after[name]} ${name} are left`);
if (left > 0) failures.push(`${left} sessions could not be stopped`);
if (!isAtRest(after)) failures.push('descriptors of the client are left');
const verdict = judgesGrowth ? 'all flat, nothing left' : 'nothing left (growth is judged in a run of a minute or more)';
console.log(failures.length === 0 ? verdict : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;

/** @param {Record<string, number | undefined>} figures */
function isAtRest(figures) {
  const name = 'descriptors of the client';
  return figures['sessions'] === 0 && figures['answers'] === 0 && (figures[name] ?? 0) <= (before[name] ?? 0) + SLACK_COUNT;
}

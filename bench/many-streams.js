// How many streams one thread of `bench` follows: 700 of 50 events a second, beside undici's dispatch that decodes nothing and beside
// autocannon, one after another against one sender, in turns over several rounds. Then it is asked for far more than one thread can
// do, and has to say so itself. No process is pinned to a core: one that is, as a user starts it, leaves the collection of garbage to
// V8's helper threads. The ratios and the stamp error are what counts:
//   npm run bench:streams [-- ROUNDS]
import { fileURLToPath } from 'node:url';
import { RECEIVERS } from './many-streams/receivers.js';
import { compareReceivers, runReceiver, withSender } from './receive-path/side-by-side.js';

const STREAMS = 700;
const EVENTS_A_SECOND = 50;
const SECONDS = 8;
/** In it the heap grows to what so many streams need. */
const WARM_UP_SECONDS = 3;
const MAX_P99_MS = 5;
/** Turns per second, each with a connection of its own: some times more than one thread of Node.js can open. */
const OVERLOAD = 6_000;
const REFERENCE = 'undici dispatch';
const SUBJECT = 'agentstream';
const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

const figuresOf = await compareReceivers({
  receivers: file('many-streams/receivers.js'),
  names: Object.keys(RECEIVERS),
  reference: REFERENCE,
  exact: [SUBJECT],
  streams: STREAMS,
  rate: STREAMS * EVENTS_A_SECOND,
  seconds: SECONDS,
  warmUpSeconds: WARM_UP_SECONDS,
  rounds: Number(process.argv[2] ?? 5),
});
const { ratio, p99Ms } = figuresOf(SUBJECT);
console.log(
  `all of the engine costs ${ratio.toFixed(2)} times ${REFERENCE}, p99 stamp error ${p99Ms.toFixed(2)} ms (under ${MAX_P99_MS} wanted)`,
);
const normal = { streams: STREAMS, rate: STREAMS * EVENTS_A_SECOND, seconds: SECONDS };
const isValid = await judge(`${STREAMS} streams of ${EVENTS_A_SECOND} events/s`, { startLevel: STREAMS, turns: STREAMS }, normal);
const isOverloadValid = await judge(
  `${OVERLOAD} turns/s`,
  { model: 'open', startLevel: OVERLOAD, stages: [{ durationMs: 3_000, level: OVERLOAD }] },
  // A stream for each request, with one event.
  { streams: 1, rate: 50, seconds: 0.02 },
);
process.exitCode = p99Ms < MAX_P99_MS && isValid && !isOverloadValid ? 0 : 1;

/**
 * What a run says of itself.
 * @param {string} what
 * @param {Partial<import('../dist/bench/run/plan.js').Load>} load
 * @param {Parameters<typeof withSender>[0]} sending
 */
async function judge(what, load, sending) {
  const told = await withSender(sending, (url) => runReceiver([file('many-streams/follow.js'), url, JSON.stringify(load)]));
  const { validity } = /** @type {import('./many-streams/follow.js').Followed} */ (JSON.parse(told));
  console.log(`${what}: the run says that it is ${validity.valid ? 'valid' : 'INVALID'}`);
  for (const reason of validity.valid ? [] : validity.reasons) console.log(`  ${reason}`);
  return validity.valid;
}

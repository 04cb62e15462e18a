// What it costs to receive a stream, and how late its time stamps are: CPU per event of the whole receive path (socket, HTTP, SSE,
// agent events, metrics) beside `node:http` on('data') alone and beside fetch piped through parser streams. One sender, then one
// receiver after another, each in a process of its own, in turns over several rounds. The ratio is what counts:
//   npm run bench:receive [-- ROUNDS]
import { fileURLToPath } from 'node:url';
import { RECEIVERS } from './receive-path/receivers.js';
import { compareReceivers } from './receive-path/side-by-side.js';

const MAX_RATIO = 1.3;
const MAX_P99_MS = 5;
const REFERENCE = 'node:http';
const SUBJECT = 'agentstream';

const names = Object.keys(RECEIVERS);
const figuresOf = await compareReceivers({
  receivers: fileURLToPath(new URL('./receive-path/receivers.js', import.meta.url)),
  names,
  reference: REFERENCE,
  exact: names.filter((name) => name !== REFERENCE),
  streams: 100,
  rate: 10_000,
  seconds: 4,
  warmUpSeconds: 1,
  pins: true,
  rounds: Number(process.argv[2] ?? 15),
});
const { ratio, p99Ms } = figuresOf(SUBJECT);
console.log(
  `the whole receive path costs ${ratio.toFixed(2)} times ${REFERENCE} (at most ${MAX_RATIO} wanted), p99 stamp error ${p99Ms.toFixed(2)} ms (under ${MAX_P99_MS} wanted)`,
);
process.exitCode = ratio <= MAX_RATIO && p99Ms < MAX_P99_MS ? 0 : 1;

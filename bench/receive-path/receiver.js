// One receiver in a process of its own: CPU per event and lateness of its stamps, once the first second is over: connections are
// made and code is compiled in it.
//   node receiver.js NAME URL STREAMS RATE SECONDS   ->   {"cpuMicros", "p50Ms", "p99Ms", "counted"} on stdout
import { RECEIVERS } from './receivers.js';

const [name = '', url = '', ...numbers] = process.argv.slice(2);
const [streams = 0, rate = 0, seconds = 0] = numbers.map(Number);
const receive = RECEIVERS[name];
if (!receive) throw new Error(`no receiver ${name}`);

const WARM_UP_MS = 1_000;
const toMonotonic = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** @type {number[]} */
const errors = [];
let firstSentAt = 0;
let measuredEvents = 0;
/** @type {NodeJS.CpuUsage | undefined} */
let before;

const counted = await receive(url, streams, (text, arrivedAt) => {
  const sentAt = Number.parseFloat(text);
  firstSentAt ||= sentAt;
  if (sentAt - firstSentAt < WARM_UP_MS) return;
  // What the sender still has to send by its schedule.
  measuredEvents ||= rate * (seconds - (sentAt - firstSentAt) / 1_000);
  before ??= process.cpuUsage();
  errors.push(arrivedAt + toMonotonic - sentAt);
});
const { user, system } = process.cpuUsage(before);
errors.sort((a, b) => a - b);
const at = (/** @type {number} */ share) => errors[Math.floor(errors.length * share)];
process.stdout.write(
  JSON.stringify({
    cpuMicros: (user + system) / measuredEvents,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    counted,
  }),
);

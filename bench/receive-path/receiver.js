// One receiver in a process of its own: CPU per event and lateness of its stamps, once it has warmed up: connections are made, code is
// compiled and the heap grows before.
//   node receiver.js FILE NAME URL STREAMS RATE SECONDS WARM_UP_SECONDS   ->   {"cpuMicros", "p50Ms", "p99Ms", "counted"} on stdout
import { pathToFileURL } from 'node:url';

const [file = '', name = '', url = '', ...numbers] = process.argv.slice(2);
const [streams = 0, rate = 0, seconds = 0, warmUpSeconds = 1] = numbers.map(Number);
/** @type {{ RECEIVERS: Record<string, import('./receivers.js').Receiver> }} */
const { RECEIVERS } = await import(pathToFileURL(file).href);
const receive = RECEIVERS[name];
if (!receive) throw new Error(`no receiver ${name}`);

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
  if (sentAt - firstSentAt < warmUpSeconds * 1_000) return;
  // What the sender still has to send by its schedule.
  measuredEvents ||= rate * (seconds - (sentAt - firstSentAt) / 1_000);
  before ??= process.cpuUsage();
  errors.push(arrivedAt + toMonotonic - sentAt);
});
const { user, system } = process.cpuUsage(before);
errors.sort((a, b) => a - b);
const at = (/** @type {number} */ share) => errors[Math.floor(errors.length * share)];
process.stdout.write(JSON.stringify({ cpuMicros: (user + system) / measuredEvents, p50Ms: at(0.5), p99Ms: at(0.99), counted }));

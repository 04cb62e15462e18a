// How much a deploy waits and asks, against an emulator whose resources take their time: from the moment when CloudFormation is done to
// the moment when the CLI says so, and how many calls of the control plane it makes a second. Create, update and destroy, several
// rounds; the calls are those of the emulator's own log:
//   npm run bench:control-plane [-- ROUNDS]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { echoAgent, startEmulator } from '../dist/emulator/index.js';

const ROUNDS = Number(process.argv[2] ?? 3);
/** A resource takes as long between its two events, and as long again to be stable. */
const RESOURCE_MS = 1_500;
/** One poll interval while something is in flight. */
const MAX_WAIT_MS = 1_000;
/** For the process and the loopback, on a machine that does other things, too. */
const SLACK_MS = 250;
const MAX_CALLS_PER_SECOND = 1.5;
/** A burst at the beginning must not hide in the mean. */
const WINDOW_MS = 10_000;
/** What such a window may hold beyond the rate: the preflight, the change set and the begin. */
const WINDOW_ALLOWANCE = 3;

const ARN = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/bench_agent-0123456789';
const bin = fileURLToPath(new URL('../bin/agentstream.js', import.meta.url));

/** @type {number[]} */
let calls = [];
const emulator = await startEmulator({
  agents: new Map([[ARN, echoAgent()]]),
  cloudFormation: { resourceDelayMs: RESOURCE_MS },
  apiGateway: { deleteRestApiIntervalMs: 0 },
  onEvent(event) {
    if (event.type === 'api-call') calls.push(performance.now());
  },
});
const env = {
  PATH: process.env['PATH'],
  AWS_ENDPOINT_URL: emulator.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
};

const steps = {
  create: ['deploy', '--agent-arn', ARN],
  update: ['deploy', '--memory', '1024', '--rate-limit', '7'],
  destroy: ['destroy', '--yes'],
};
/** @type {Record<string, { waitMs: number, seconds: number, calls: number, rate: number, window: number }[]>} */
const results = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, args] of Object.entries(steps)) results[name]?.push(await measure(args));
}
await emulator.close();

console.log(
  `${ROUNDS} rounds, ${RESOURCE_MS} ms twice a resource, Node.js ${process.versions.node}; medians, and the worst in brackets`,
);
let isGood = true;
for (const [name, series] of Object.entries(results)) {
  const wait = series.map(({ waitMs }) => waitMs);
  const rates = series.map(({ rate }) => rate);
  const windows = series.map(({ window }) => window);
  const duration = median(series.map(({ seconds }) => seconds));
  console.log(
    `${name.padEnd(8)} ${duration.toFixed(1).padStart(5)} s  done seen after ${figure(wait, 0)} ms  ${figure(rates, 2)} calls/s  busiest 10 s: ${figure(windows, 0)} calls`,
  );
  isGood &&=
    Math.max(...wait) <= MAX_WAIT_MS + SLACK_MS &&
    Math.max(...rates) <= MAX_CALLS_PER_SECOND &&
    Math.max(...windows) <= (WINDOW_MS / 1_000) * MAX_CALLS_PER_SECOND + WINDOW_ALLOWANCE;
}
console.log(
  `wanted: done seen within ${MAX_WAIT_MS} ms (+ ${SLACK_MS} of slack), at most ${MAX_CALLS_PER_SECOND} calls/s: ${isGood ? 'held' : 'NOT HELD'}`,
);
process.exitCode = isGood ? 0 : 1;

/**
 * Runs one command to its end. The last event of the stack carries the time at which CloudFormation was done.
 * @param {string[]} args
 */
async function measure(args) {
  calls = [];
  const child = spawn(process.execPath, [bin, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let waitMs = Number.NaN;
  let seenAt = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type !== 'stack-event' || !event.isStack) continue;
    if (event.status.endsWith('_IN_PROGRESS')) continue;
    waitMs = Date.now() - Date.parse(event.at);
    seenAt = performance.now();
  }
  if (child.exitCode !== 0 && (await exitOf(child)) !== 0) throw new Error(`${args[0]} has failed`);
  const first = calls[0] ?? 0;
  // What comes after the stack is complete (the proof of the endpoint) is not the control plane's.
  const own = calls.filter((at) => at <= seenAt);
  const seconds = (seenAt - first) / 1_000;
  const window = Math.max(...own.map((from) => own.filter((at) => at >= from && at < from + WINDOW_MS).length));
  return { waitMs, seconds, calls: own.length, rate: own.length / seconds, window };
}

/** @param {import('node:child_process').ChildProcess} child */
function exitOf(child) {
  return child.exitCode ?? new Promise((resolve) => child.once('close', resolve));
}

/**
 * @param {number[]} values
 * @param {number} digits
 */
function figure(values, digits) {
  return `${median(values).toFixed(digits)} (${Math.max(...values).toFixed(digits)})`;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

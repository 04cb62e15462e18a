// What the deployed function costs, each figure beside a reference in the same run; the ratios are what counts:
//   node scripts/ready.js && node bench/handler.js [ROUNDS]
// Cold: from the import to the first byte of the first answer, beside a handler that bundles the AWS SDK. Warm: beside a bare proxy
// over node:http with the same back-pressure. Then what nudges cost and do, and what the emulator itself adds.
import { bundleHandler, packCode } from '../dist/stack/bundle.js';
import { measureChainFirstByte, measureHeldWrites } from './handler/chain.js';
import { bundleSdkHandler, measureCold } from './handler/cold.js';
import { measureWarm } from './handler/warm.js';

const ROUNDS = Number(process.argv[2] ?? 7);
const COLD_ROUNDS = ROUNDS * 2 + 1;
const MAX_COLD_RATIO = 1 / 6;
const MAX_WARM_RATIO = 1.5;
const MAX_EXTRA_MS = 25;

/** @type {string[]} */
const failures = [];

/**
 * @param {string} what
 * @param {number} value
 * @param {number} most
 * @param {string} unit
 */
function check(what, value, most, unit) {
  const fails = !(value <= most);
  if (fails) failures.push(what);
  return `${unit}${value.toFixed(2)} (at most ${most.toFixed(2)} wanted${fails ? ': FAILS' : ''})`;
}

console.log(`Node.js ${process.versions.node}, medians of ${ROUNDS} rounds (cold: ${COLD_ROUNDS})`);

const { code: bundle } = await bundleHandler();
const code = packCode(bundle);
const sdkCode = await bundleSdkHandler();
console.log('\ncold start               handler        with the SDK   ratio');
console.log(`bundle               ${kb(bundle)}   ${kb(sdkCode)}   x ${(bundle.length / sdkCode.length).toFixed(2)}`);
console.log(`  in the template    ${kb(code)}   ${kb(packCode(sdkCode))}`);
const cold = await measureCold({ ours: code, sdk: sdkCode }, COLD_ROUNDS);
for (const [label, what, most] of /** @type {const} */ ([
  ['import', 'importMs', MAX_COLD_RATIO],
  ['first byte', 'firstByteMs', undefined],
  ['CPU', 'cpuMs', MAX_COLD_RATIO],
])) {
  const ratio = cold.ratios[what];
  console.log(
    `${label.padEnd(18)} ${ms(cold.ours[what])}    ${ms(cold.sdk[what])}   ${most === undefined ? `x ${ratio.toFixed(2)}` : check(`cold ${label}`, ratio, most, 'x ')}`,
  );
}

const warm = await measureWarm(code, ROUNDS);
console.log('\nwarm                     handler      a bare proxy   ratio');
for (const [label, what] of /** @type {const} */ ([
  ['CPU an event', 'event'],
  ['CPU a megabyte', 'megabyte'],
])) {
  const { handlerMicros, proxyMicros, ratio } = warm[what];
  console.log(`${label.padEnd(18)} ${us(handlerMicros)}    ${us(proxyMicros)}   ${check(label, ratio, MAX_WARM_RATIO, 'x ')}`);
}
const { firstByte, memory, paced } = warm;
console.log(
  `first byte, added  ${ms(firstByte.handlerMs)}    ${ms(firstByte.functionMs)}   ${check('first byte', firstByte.toFunction, MAX_WARM_RATIO, 'x ')}; the proxy as a function`,
);
console.log(
  `                                  ${ms(firstByte.proxyMs)}   x ${firstByte.toProxy.toFixed(2)}; the proxy as a server: no Runtime API on its way`,
);
console.log(
  `memory a stream    ${(memory.handlerBytes / 1_000).toFixed(1).padStart(10)} kB    ${(memory.proxyBytes / 1_000).toFixed(1).padStart(10)} kB   of heap, while it is open`,
);

console.log('\nnudges, at 50 events a second       auto           off');
console.log(`CPU an event           ${us(paced.handlerMicros)}  ${us(paced.offMicros)}   x ${paced.autoToOff.toFixed(2)}`);
const held = await measureHeldWrites();
const line = (/** @type {{ p50Ms: number, p99Ms: number }} */ { p50Ms, p99Ms }) =>
  `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
console.log('how late an event comes, through the emulator');
console.log(`  nothing is held      auto: ${line(held.plainAuto)}; off: ${line(held.plainOff)}`);
console.log(`  small writes are     auto: ${line(held.heldAuto)}; off: ${line(held.heldOff)}`);
console.log(
  `  so held writes cost  ${check('held writes', held.heldAuto.p99Ms - held.plainAuto.p50Ms, MAX_EXTRA_MS, '')} ms at p99 with auto`,
);

const chainMs = await measureChainFirstByte('auto');
const joinedMs = await measureChainFirstByte('off');
const pausedMs = await measureChainFirstByte('pause');
console.log(
  `\na head that leaves alone: first byte after ${chainMs.toFixed(2)} ms (auto), joined ${joinedMs.toFixed(2)} ms (off), 25 ms apart ${pausedMs.toFixed(2)} ms (pause)`,
);
console.log(
  `\nthe emulator: a warm first byte takes ${chainMs.toFixed(2)} ms through it, of which ${(chainMs - firstByte.directMs - firstByte.handlerMs).toFixed(2)} ms are its own (front door, AgentCore, pipes), not AWS's`,
);
console.log(failures.length === 0 ? '\nall as wanted' : `\nnot as wanted: ${failures.join(', ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @param {string | Uint8Array} bytes */
function kb(bytes) {
  return `${(bytes.length / 1_000).toFixed(1).padStart(9)} kB`;
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(2).padStart(10)} ms`;
}

/** @param {number} value */
function us(value) {
  return `${value.toFixed(1).padStart(10)} us`;
}

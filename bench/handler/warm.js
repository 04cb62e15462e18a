// The warm path: what passing on costs, beside a bare proxy that does the same.
import { readFileSync } from 'node:fs';
import { startAgentCore } from './agent-core.js';
import { median, quantile } from './statistics.js';
import { direct, startHandler, startProxy } from './subjects.js';

/** Each event is a read of its own, and no pause is long enough for a nudge. */
const EVENTS = { streams: 10, shape: { events: 1_500, bytes: 100, everyMs: 2 } };
/** A model's pace: each event is followed by a nudge, where those are on. */
const PACED = { streams: 50, shape: { events: 150, bytes: 100, everyMs: 20 } };
const VOLUME = { streams: 4, shape: { events: 2_000, bytes: 16_384, everyMs: 0 } };
const OPEN = { streams: 200, shape: { events: 4, bytes: 100, everyMs: 1_000 } };
const ONE = { events: 1, bytes: 100, everyMs: 0 };
const FIRST_BYTES = 400;
const WARM_UP = 200;

/** @typedef {import('./subjects.js').Subject} Subject */

/**
 * @param {string} code of the handler
 * @param {number} rounds
 */
export async function measureWarm(code, rounds) {
  const agentCore = await startAgentCore();
  const subjects = {
    proxy: await startProxy(agentCore.url),
    handler: await startHandler(code, agentCore.url, 'auto'),
    off: await startHandler(code, agentCore.url, 'off'),
  };
  try {
    for (const subject of Object.values(subjects)) await cpuOf(subject, EVENTS);
    const eventRounds = [];
    const megabyteRounds = [];
    const pacedRounds = [];
    for (let round = 0; round < rounds; round += 1) {
      eventRounds.push(await cpuOfEach(subjects, EVENTS, EVENTS.streams * EVENTS.shape.events));
      const { streams, shape } = VOLUME;
      megabyteRounds.push(await cpuOfEach(subjects, VOLUME, (streams * shape.events * shape.bytes) / 1e6));
      pacedRounds.push(await cpuOfEach(subjects, PACED, PACED.streams * PACED.shape.events));
    }
    return {
      event: summary(eventRounds),
      megabyte: summary(megabyteRounds),
      paced: summary(pacedRounds),
      firstByte: await measureFirstBytes(code, agentCore.url, rounds),
      memory: await measureMemory(subjects),
    };
  } finally {
    for (const subject of Object.values(subjects)) subject.close();
    agentCore.close();
  }
}

/**
 * @param {Subject} subject
 * @param {{ streams: number, shape: import('./agent-core.js').Shape }} load
 */
async function cpuOf(subject, { streams, shape }) {
  const before = await subject.usage();
  await Promise.all(Array.from({ length: streams }, () => subject.stream(shape)));
  return (await subject.usage()).cpuMicros - before.cpuMicros;
}

/**
 * @param {Record<'proxy' | 'handler' | 'off', Subject>} subjects
 * @param {{ streams: number, shape: import('./agent-core.js').Shape }} load
 * @param {number} units that the CPU is divided by
 */
async function cpuOfEach(subjects, load, units) {
  return {
    proxy: (await cpuOf(subjects.proxy, load)) / units,
    handler: (await cpuOf(subjects.handler, load)) / units,
    off: (await cpuOf(subjects.off, load)) / units,
  };
}

/**
 * Medians, and medians of the ratios within a round.
 *
 * @param {{ proxy: number, handler: number, off: number }[]} rounds
 */
function summary(rounds) {
  return {
    proxyMicros: median(rounds.map(({ proxy }) => proxy)),
    handlerMicros: median(rounds.map(({ handler }) => handler)),
    offMicros: median(rounds.map(({ off }) => off)),
    ratio: median(rounds.map(({ handler, proxy }) => handler / proxy)),
    autoToOff: median(rounds.map(({ handler, off }) => handler / off)),
  };
}

/**
 * Time to the first byte, in turns: what each adds to the agent's own. Processes of their own, that have done the same.
 *
 * @param {string} code
 * @param {string} agentUrl
 */
async function measureFirstByte(code, agentUrl) {
  const proxyCode = readFileSync(new URL('proxy-function.cjs', import.meta.url), 'utf8');
  const subjects = {
    proxy: await startProxy(agentUrl),
    asFunction: await startHandler(proxyCode, agentUrl, 'off'),
    handler: await startHandler(code, agentUrl, 'auto'),
  };
  const ways = { direct: direct(agentUrl), ...subjects };
  /** @type {Record<string, number[]>} */
  const times = { direct: [], proxy: [], asFunction: [], handler: [] };
  for (let index = -WARM_UP; index < FIRST_BYTES; index += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const sentAt = performance.now();
      let firstAt = 0;
      await way.stream(ONE, () => (firstAt ||= performance.now()));
      if (index >= 0) times[name]?.push(firstAt - sentAt);
    }
  }
  for (const subject of Object.values(subjects)) subject.close();
  // The lower quarter: what else this machine does only ever adds.
  const of = (/** @type {string} */ name) => quantile(times[name] ?? [], 0.25);
  const directMs = of('direct');
  return {
    directMs,
    proxyMs: of('proxy') - directMs,
    functionMs: of('asFunction') - directMs,
    handlerMs: of('handler') - directMs,
  };
}

/**
 * Over several processes: one may be lucky in what its compiler makes of it.
 *
 * @param {string} code
 * @param {string} agentUrl
 * @param {number} rounds
 */
async function measureFirstBytes(code, agentUrl, rounds) {
  /** @type {Awaited<ReturnType<typeof measureFirstByte>>[]} */
  const all = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measureFirstByte(code, agentUrl));
  const of = (/** @type {'directMs' | 'proxyMs' | 'functionMs' | 'handlerMs'} */ what) => median(all.map((one) => one[what]));
  return {
    directMs: of('directMs'),
    proxyMs: of('proxyMs'),
    functionMs: of('functionMs'),
    handlerMs: of('handlerMs'),
    toProxy: median(all.map(({ handlerMs, proxyMs }) => handlerMs / proxyMs)),
    toFunction: median(all.map(({ handlerMs, functionMs }) => handlerMs / functionMs)),
  };
}

/** @param {Record<'proxy' | 'handler' | 'off', Subject>} subjects */
async function measureMemory({ proxy, handler }) {
  const perStream = async (/** @type {Subject} */ subject) => {
    const before = await subject.usage();
    const streams = Array.from({ length: OPEN.streams }, () => subject.stream(OPEN.shape));
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    const during = await subject.usage();
    await Promise.all(streams);
    return (during.heapBytes - before.heapBytes) / OPEN.streams;
  };
  return { proxyBytes: await perStream(proxy), handlerBytes: await perStream(handler) };
}

// What `bench` does with many streams: the whole engine and client in this one thread, and whether the run is valid.
import { monotonicNow } from '../../dist/bench/run/run-clock.js';
import { runLoad } from '../../dist/bench/run/run-load.js';
import { validityOf } from '../../dist/bench/figures/validity.js';
import { createApiGatewayTransport } from '../../dist/endpoint/api-gateway.js';
import { createClientDriver } from '../../dist/bench/run/client-driver.js';

/**
 * The sender begins when all streams are there: one connection that times out would end all of them. Hundreds at once take more than
 * the 10 s of a single turn on a busy machine.
 */
const CONNECT_TIMEOUT_MS = 60_000;
/** As `bench --max-lag` by default. */
const MAX_LAG_MS = 50;

/**
 * @typedef {import('../../dist/endpoint/transport.js').Transport} Transport
 * @typedef {import('../../dist/stream/stream-part.js').StreamPart} StreamPart
 * @typedef {import('../../dist/bench/run/turn-record.js').TurnRecord} TurnRecord
 * @typedef {import('../../dist/bench/run/plan.js').Load} Load
 * @typedef {{ ok: number, outcomes: Record<string, number>, events: number, validity: import('../../dist/bench/figures/report.js').Summary['validity'] }} Followed
 */

/**
 * Runs a load in this thread.
 * @param {string} url
 * @param {Partial<Load>} load
 * @param {(part: StreamPart) => void} [onPart] sees each part before the client does
 * @returns {Promise<Followed>}
 */
export async function follow(url, load, onPart) {
  const transport = createApiGatewayTransport({ url, auth: { type: 'none' } }, { timers: { connectMs: CONNECT_TIMEOUT_MS } });
  const connection = {
    transport: onPart ? watched(transport, onPart) : transport,
    idleLimitMs: undefined,
    close: () => transport.close(),
  };
  const driver = createClientDriver(new Map([['api', connection]]), undefined);
  /** @type {TurnRecord[]} */
  const turns = [];
  /** @type {import('../../dist/bench/run/plan.js').BenchPlan} */
  const plan = {
    hops: ['api'],
    load: { model: 'closed', arrival: 'constant', startLevel: 1, stages: [], ...load },
    warmupMs: 0,
    graceMs: 60_000,
    conversations: [['go']],
    session: { type: 'per-vu' },
    keepsSessions: true,
    paces: {},
    seed: 1,
    timers: {},
  };
  const { client } = await runLoad(plan, {
    driver,
    worker: { index: 0, count: 1, firstIndex: 0 },
    startAt: monotonicNow(),
    signal: new AbortController().signal,
    onTurn: (turn) => turns.push(turn),
  }).result;
  await transport.close();
  // Nothing else of a run's facts is asked for.
  const run = /** @type {import('../../dist/bench/figures/report-schema.js').RunFacts} */ ({ maxLagMs: MAX_LAG_MS });
  /** @type {Record<string, number>} */
  const outcomes = {};
  for (const { outcome, code } of turns) {
    const name = code === undefined ? outcome : `${outcome} ${code}`;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  }
  return {
    ok: turns.filter(({ outcome }) => outcome === 'ok').length,
    outcomes,
    events: turns.reduce((sum, { metrics }) => sum + metrics.textEvents, 0),
    validity: validityOf({ run, clients: [client], turns }),
  };
}

/**
 * @param {Transport} transport
 * @param {(part: StreamPart) => void} onPart
 * @returns {Transport}
 */
function watched(transport, onPart) {
  return {
    ...transport,
    send(request, take, signal) {
      const watch = (/** @type {StreamPart} */ part) => {
        onPart(part);
        return take(part);
      };
      return transport.send(request, watch, signal);
    },
  };
}

// Alone: node follow.js URL LOAD   ->   what came of it; load and answer are JSON
if (process.argv[1]?.endsWith('follow.js')) {
  const [, , url = '', load = ''] = process.argv;
  process.stdout.write(JSON.stringify(await follow(url, JSON.parse(load))));
}

import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { BenchPlan } from '../../../src/bench/run/plan.ts';
import { planArrivals } from '../../../src/bench/run/schedule.ts';
import { benchUrl } from '../../helpers/bench-url.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { EVENT_STREAM, startTurnServer, type TurnServer } from '../../helpers/turn-server.ts';

/** How a server ends a turn, and the outcome that a client has to call it. */
const ENDS = {
  ok: (response: ServerResponse) => response.writeHead(200, EVENT_STREAM).end('data: "hello"\n\n'),
  'error-event': (response: ServerResponse) =>
    response.writeHead(200, EVENT_STREAM).end('event: error\ndata: {"error":"no","code":"NO"}\n\n'),
  'http-error': (response: ServerResponse) => response.writeHead(429).end('{"error":"slow down","code":"THROTTLED"}'),
  reset: (response: ServerResponse) => response.writeHead(200, EVENT_STREAM).write('data: "half"\n\n', () => response.destroy()),
  /** Until the client leaves. */
  open: (response: ServerResponse) => response.writeHead(200, EVENT_STREAM).write('data: "half"\n\n'),
} as const;
type End = keyof typeof ENDS;

/** What the server has seen, in its own words. */
interface Books {
  readonly ends: Record<End, number>;
  requests: number;
  open: number;
  mostOpen: number;
}

let server: TurnServer | undefined;
afterEach(() => server?.close());

/** A server that writes down what it is asked and what it does. */
async function keepBooks(endOf: (number: number) => End, onRequest?: (books: Books) => void) {
  const books: Books = {
    ends: { ok: 0, 'error-event': 0, 'http-error': 0, reset: 0, open: 0 },
    requests: 0,
    open: 0,
    mostOpen: 0,
  };
  server = await startTurnServer((response, _turn, number) => {
    const end = endOf(number);
    books.requests += 1;
    books.ends[end] += 1;
    books.open += 1;
    books.mostOpen = Math.max(books.mostOpen, books.open);
    response.once('close', () => (books.open -= 1));
    ENDS[end](response);
    onRequest?.(books);
  });
  return { url: server.url, books };
}

const KINDS: readonly End[] = ['ok', 'error-event', 'ok', 'http-error', 'ok', 'reset'];
const mixed = (number: number): End => KINDS[number % KINDS.length] ?? 'ok';
const allOk = (): End => 'ok';
const stages = (...list: readonly (readonly [durationMs: number, level: number])[]) =>
  list.map(([durationMs, level]) => ({ durationMs, level }));

const RUNS: readonly (readonly [name: string, endOf: typeof mixed, plan: BenchPlan, mostOpen: number])[] = [
  ['closed, by number', mixed, loadPlan({ startLevel: 3, turns: 24 }), 3],
  ['closed, by time', mixed, loadPlan({ startLevel: 3, stages: stages([200, 3]) }), 3],
  [
    'closed, with a warm-up and conversations',
    mixed,
    loadPlan({ startLevel: 2, stages: stages([200, 2]) }, { warmupMs: 100, conversations: [['a', 'b', 'c']] }),
    2,
  ],
  ['closed, in stages', allOk, loadPlan({ startLevel: 0, stages: stages([150, 4], [150, 0]) }), 4],
  [
    'closed, held back by a rate limit until its time is over',
    allOk,
    loadPlan({ startLevel: 4, stages: stages([400, 4]) }, { paces: { turnsPerSecond: 20 } }),
    4,
  ],
  ['open, by number', mixed, loadPlan({ model: 'open', startLevel: 100, turns: 24 }), Infinity],
  ['open, in stages', mixed, loadPlan({ model: 'open', startLevel: 20, stages: stages([200, 100], [200, 20]) }), Infinity],
  [
    'open, held back by a rate limit until its time is over',
    allOk,
    loadPlan({ model: 'open', startLevel: 100, stages: stages([300, 100]) }, { paces: { turnsPerSecond: 20 } }),
    Infinity,
  ],
  [
    'closed, with streams that outlast the grace',
    (number) => (number < 2 ? 'ok' : 'open'),
    loadPlan({ startLevel: 3, stages: stages([200, 3]) }, { graceMs: 200 }),
    3,
  ],
];

test.each(RUNS)('every count is the server’s own: %s', async (_name, endOf, plan, mostOpen) => {
  const { url, books } = await keepBooks(endOf);
  const { summary, run, turns } = await benchUrl(url, plan, { maxLagMs: 3_600_000 });
  const { counts, outcomes } = summary;
  await expect.poll(() => books.open).toBe(0);
  expect(turns).toHaveLength(books.requests);
  expect(counts.sent + counts.warmup).toBe(books.requests);
  expect(counts.ok + counts.failed + counts.unfinished + counts.cancelled).toBe(counts.sent);
  if (counts.warmup === 0) {
    expect(counts).toMatchObject({ ok: books.ends.ok, unfinished: books.ends.open, cancelled: 0 });
    const told = Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count]));
    const { ok, open, ...bad } = books.ends;
    const held = { ...bad, ok, unfinished: open };
    expect(told).toEqual(Object.fromEntries(Object.entries(held).filter(([, count]) => count > 0)));
  }
  expect(books.mostOpen).toBeLessThanOrEqual(mostOpen);
  const planned = plan.load.model === 'open' ? [...planArrivals(plan)].length : counts.sent;
  const unsent = plan.load.model === 'open' ? (run.unsent ?? 0) : 0;
  expect(counts.sent + counts.warmup + unsent).toBeGreaterThanOrEqual(planned);
});

test('turns that a rate limit held back to the end make an open load invalid, and are counted', async () => {
  const { url, books } = await keepBooks(allOk);
  const plan = loadPlan({ model: 'open', startLevel: 100, stages: stages([300, 100]) }, { paces: { turnsPerSecond: 10 } });
  const { summary, run } = await benchUrl(url, plan, { maxLagMs: 3_600_000 });
  expect(summary.counts).toMatchObject({ sent: books.requests, ok: books.requests, unfinished: 0 });
  expect(books.requests + (run.unsent ?? 0)).toBe(30);
  const reasons = summary.validity.valid ? [] : summary.validity.reasons;
  expect(reasons.join()).toContain(`held ${run.unsent} of 30 planned turns back until the run was over`);
});

test.each(['closed', 'open'] as const)('%s: Ctrl-C leaves what the server had begun as cancelled', async (model) => {
  const interrupt = new AbortController();
  const { url, books } = await keepBooks(
    (number) => (number < 3 ? 'ok' : 'open'),
    ({ ends }) => {
      if (ends.open === 2) interrupt.abort();
    },
  );
  const plan = loadPlan({ model, startLevel: 2, stages: stages([600_000, 2]) }, { paces: { turnsPerSecond: 20 } });
  const load = { ...plan.load, startLevel: model === 'open' ? 50 : 2 };
  const { summary } = await benchUrl(url, { ...plan, load }, { maxLagMs: 3_600_000, signal: interrupt.signal });
  await expect.poll(() => books.open).toBe(0);
  const { sent, ok, cancelled, failed, unfinished } = summary.counts;
  expect({ sent, ok, cancelled, failed, unfinished }).toEqual({
    sent: books.requests,
    ok: 3,
    cancelled: books.requests - 3,
    failed: 0,
    unfinished: 0,
  });
});

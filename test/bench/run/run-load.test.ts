import { roundTimes } from '../../../src/bench/run/run-clock.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { planArrivals } from '../../../src/bench/run/schedule.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { HOPS } from '../../../src/stream/stream-part.ts';
import { createActingDriver } from '../../helpers/acting-driver.ts';
import { createGate } from '../../helpers/acting-agent.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { runPlan, startPlan } from '../../helpers/run-plan.ts';

const briefly = (): Promise<void> => sleep(1);

function byPair(records: readonly TurnRecord[]): TurnRecord[][] {
  const pairs = new Map<number, TurnRecord[]>();
  for (const record of records) pairs.set(record.pair, [...(pairs.get(record.pair) ?? []), record]);
  return [...pairs.values()];
}

test.each([1, 3])(
  'closed: %i worker(s) send exactly the turns to each hop, each round whole, no more at once than virtual users',
  async (workers) => {
    const driver = createActingDriver({ work: briefly });
    const plan = loadPlan({ startLevel: 4, turns: 25 }, { hops: HOPS });
    const { records } = await runPlan(plan, driver, { workers });
    expect(records).toHaveLength(75);
    expect(new Set(records.map(({ index }) => index)).size).toBe(75);
    const pairs = byPair(records);
    expect(pairs).toHaveLength(25);
    for (const pair of pairs) {
      expect(pair.map(({ hop }) => hop).toSorted()).toEqual([...HOPS].toSorted());
    }
    expect(new Set(pairs.map((pair) => pair.map(({ hop }) => hop).join())).size).toBeGreaterThan(1);
    expect(driver.mostAtOnce).toBe(4);
    expect(new Set(records.map(({ phase }) => phase))).toEqual(new Set(['measured']));
  },
);

test('closed: a virtual user that is retired ends its round, and one that comes back goes on', async () => {
  const gates = Array.from({ length: 3 }, createGate);
  const driver = createActingDriver({ work: (_turn, number) => gates[number]?.promise ?? briefly() });
  const stages = [
    { durationMs: 60, level: 3 },
    { durationMs: 0, level: 0 },
    { durationMs: 60, level: 0 },
    { durationMs: 0, level: 2 },
    { durationMs: 300, level: 2 },
  ];
  const { records, runs, results } = startPlan(loadPlan({ startLevel: 3, stages }), driver);
  await expect.poll(() => runs[0]?.progress().level).toBe(0);
  expect(records).toHaveLength(0);
  for (const gate of gates) gate.open();
  await results;
  expect(records.length).toBeGreaterThan(3);
  expect(records.filter(({ sentMs }) => sentMs > 60 && sentMs < 120)).toEqual([]);
  expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
});

test.each([1, 3])('open: %i worker(s) send the whole schedule and wait for no answer', async (workers) => {
  const gate = createGate();
  const driver = createActingDriver({ work: () => gate.promise });
  const stages = [{ durationMs: 300, level: 200 }];
  const plan = loadPlan(
    { model: 'open', arrival: 'poisson', startLevel: 50, stages },
    { hops: ['api', 'lambda'], warmupMs: 100 },
  );
  const planned = [...planArrivals(plan)];
  const { records, results } = startPlan(plan, driver, { workers });
  await expect.poll(() => driver.begun.length, { timeout: 60_000 }).toBe(planned.length);
  expect(records).toHaveLength(0);
  gate.open();
  await results;
  const facts = records
    .map(({ plannedMs, hop, pair }) => ({ plannedMs, hop, pair, turns: 1 }))
    .toSorted((a, b) => (a.plannedMs ?? 0) - (b.plannedMs ?? 0));
  expect(facts).toEqual(roundTimes(planned));
  expect(new Set(records.map(({ index }) => index)).size).toBe(planned.length);
  for (const { plannedMs = 0, phase, sentMs, latenessMs, heldMs } of records) {
    expect(phase).toBe(plannedMs < 100 ? 'warmup' : 'measured');
    expect(heldMs).toBe(0);
    expect(latenessMs).toBeCloseTo(sentMs - plannedMs, 2);
  }
});

test('open: what is overdue when the time is over is sent nevertheless, and its lateness told', async () => {
  let blockedUntil = 0;
  const driver = createActingDriver({
    work(_turn, number) {
      if (number === 2) {
        blockedUntil = performance.now() + 250;
        while (performance.now() < blockedUntil);
      }
      return undefined;
    },
  });
  const stages = [{ durationMs: 200, level: 50 }];
  const { records } = await runPlan(loadPlan({ model: 'open', startLevel: 50, stages }), driver);
  expect(records).toHaveLength(10);
  const late = driver.begun.filter(({ at }) => at >= blockedUntil);
  expect(late.length).toBeGreaterThanOrEqual(6);
  const blockedMs = Math.min(...records.filter(({ latenessMs }) => latenessMs > 50).map(({ sentMs }) => sentMs));
  for (const { plannedMs = 0, latenessMs, sentMs } of records) {
    if (sentMs >= blockedMs) expect(latenessMs).toBeGreaterThanOrEqual(blockedMs - plannedMs - 0.001);
  }
});

test('a conversation goes on in its session, one turn after another; only its first turn is planned', async () => {
  const driver = createActingDriver({ work: briefly });
  const conversations = [['a', 'b', 'c'], ['d']];
  const plan = loadPlan({ model: 'open', startLevel: 40, turns: 8 }, { conversations });
  const { records } = await runPlan(plan, driver);
  expect(records).toHaveLength(8);
  const sent = new Map<string, string[]>();
  for (const { turn } of driver.begun) {
    if ('probe' in turn) throw new Error('a probe');
    sent.set(turn.sessionId, [...(sent.get(turn.sessionId) ?? []), turn.prompt]);
  }
  const said = [...sent.values()].map((prompts) => prompts.join('')).join('');
  expect(said).toMatch(/^((abc|d)+)$/);
  for (const pair of byPair(records)) {
    const [first, ...others] = pair.toSorted((a, b) => a.sentMs - b.sentMs);
    expect(first?.plannedMs).toBeDefined();
    expect(others.map(({ plannedMs }) => plannedMs)).toEqual(others.map(() => undefined));
    expect(new Set(pair.map(({ session }) => session)).size).toBe(1);
  }
});

test('a probe has no session and no prompt, and its record has the verdict', async () => {
  const probe = { count: 3, interval_ms: 10, size_bytes: 0, first_delay_ms: 0 };
  const driver = createActingDriver({
    change: (sent) => ({ ...sent, probeEvents: [0, 1, 2].map((index) => ({ index, sentMs: index * 10, atMs: 5 + index * 10 })) }),
  });
  const { records } = await runPlan(loadPlan({ turns: 2 }, { probe }), driver);
  expect(driver.begun.map(({ turn }) => turn)).toEqual([
    { hop: 'api', probe },
    { hop: 'api', probe },
  ]);
  expect(driver.stopped).toEqual([]);
  expect(records.map(({ verdict, session }) => [verdict?.name, session])).toEqual([
    ['streaming', undefined],
    ['streaming', undefined],
  ]);
});

test('tells of each turn as soon as it is over, and of where the run is', async () => {
  const gates = [createGate(), createGate()];
  const driver = createActingDriver({ work: (_turn, number) => gates[number]?.promise });
  const { records, runs, results } = startPlan(loadPlan({ turns: 2 }), driver);
  await expect.poll(() => driver.begun.length).toBe(1);
  expect(runs[0]?.progress()).toMatchObject({ phase: 'measured', sent: 1, inFlight: 1, level: 1, done: 0.5 });
  gates[0]?.open();
  await expect.poll(() => records.length).toBe(1);
  await expect.poll(() => driver.begun.length).toBe(2);
  await expect.poll(() => runs[0]?.progress().phase).toBe('draining');
  gates[1]?.open();
  await results;
  expect(runs[0]?.progress()).toMatchObject({ phase: 'draining', sent: 2, inFlight: 0, done: 1 });
});

test('what Server-Timing and the stream tell stands in the record', async () => {
  const driver = createActingDriver({
    change: (sent, _turn, number) => ({
      ...sent,
      serverTiming: number === 0 ? 'init;dur=312.5, agentcore;dur=40.1' : 'agentcore;dur=38',
      tokens: { input: 3, output: 7 },
    }),
  });
  const { records } = await runPlan(loadPlan({ turns: 2 }), driver);
  expect(records).toMatchObject([
    { class: 'cold', initMs: 312.5, agentMs: 40.1, tokens: { input: 3, output: 7 }, status: 200 },
    { class: 'warm', agentMs: 38 },
  ]);
  expect(records[1]).not.toHaveProperty('initMs');
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createActingDriver } from '../../helpers/acting-driver.ts';
import { createGate } from '../../helpers/acting-agent.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { runPlan, startPlan } from '../../helpers/run-plan.ts';

const NEVER = new Promise<void>(() => undefined);
const forMs = (durationMs: number, level: number) => ({ startLevel: level, stages: [{ durationMs, level }] });

test('a stream that outlasts the time is waited for, and counts', async () => {
  const driver = createActingDriver({ work: () => sleep(400) });
  const { records, results } = await runPlan(loadPlan(forMs(200, 2)), driver);
  expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(results[0]?.durationMs).toBeGreaterThanOrEqual(399);
  expect(results[0]?.sendingMs).toBeLessThan(results[0]?.durationMs ?? 0);
});

test('what is in flight when the grace is over is unfinished, with what was measured so far', async () => {
  const driver = createActingDriver({ work: (_turn, number) => (number < 2 ? undefined : NEVER) });
  const plan = loadPlan({ model: 'open', ...forMs(100, 50) }, { graceMs: 50 });
  const { records } = await runPlan(plan, driver);
  expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'unfinished', 'unfinished', 'unfinished']);
  expect(records[3]).toMatchObject({ metrics: { outcome: 'cancelled', events: 1, reads: 1 } });
  expect(records[3]?.metrics.durationMs).toBeGreaterThanOrEqual(50);
});

test.each(['open', 'closed'] as const)(
  '%s: an interrupt ends at once what is in flight, sends nothing more and keeps what there is',
  async (model) => {
    const interrupt = new AbortController();
    const driver = createActingDriver({ work: (_turn, number) => (number < 2 ? undefined : NEVER) });
    const plan = loadPlan({ model, ...forMs(60_000, model === 'open' ? 50 : 2) });
    const { records, results } = startPlan(plan, driver, { signal: interrupt.signal });
    await expect.poll(() => driver.begun.length).toBeGreaterThanOrEqual(4);
    interrupt.abort();
    const [result] = await results;
    const sent = driver.begun.length;
    expect(records).toHaveLength(sent);
    expect(records.filter(({ outcome }) => outcome === 'ok')).toHaveLength(2);
    expect(records.filter(({ outcome }) => outcome === 'cancelled')).toHaveLength(sent - 2);
    expect(result?.sendingMs).toBeLessThan(60_000);
    await sleep(50);
    expect(driver.begun).toHaveLength(sent);
  },
);

test('an interrupt while the grace runs ends it', async () => {
  const interrupt = new AbortController();
  const driver = createActingDriver({ work: () => NEVER });
  const plan = loadPlan({ turns: 1 }, { graceMs: 60_000 });
  const { records, runs, results } = startPlan(plan, driver, { signal: interrupt.signal });
  await expect.poll(() => runs[0]?.progress().phase).toBe('draining');
  interrupt.abort();
  await results;
  expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
});

test('an interrupt in the midst of sending reaches those that are just beginning', async () => {
  const interrupt = new AbortController();
  const gate = createGate();
  const driver = createActingDriver({
    work(_turn, number) {
      if (number < 3) return gate.promise;
      interrupt.abort();
      return NEVER;
    },
  });
  const plan = loadPlan({ startLevel: 3, turns: 100 }, { graceMs: 600_000 });
  const { records, results } = startPlan(plan, driver, { signal: interrupt.signal });
  await expect.poll(() => driver.begun.length).toBe(3);
  // All three go on at once; the first to send again interrupts.
  gate.open();
  await results;
  expect(driver.begun).toHaveLength(4);
  expect(records.map(({ outcome, code }) => code ?? outcome).toSorted()).toEqual(['cancelled', 'ok', 'ok', 'ok']);
});

test('a run that is interrupted before it begins sends nothing', async () => {
  const driver = createActingDriver();
  const { records } = await runPlan(loadPlan(), driver, { signal: AbortSignal.abort() });
  expect([records, driver.begun]).toEqual([[], []]);
});

test('turns that a pace holds back to the end were never sent: they are counted apart', async () => {
  const driver = createActingDriver();
  const plan = loadPlan({ model: 'open', ...forMs(300, 20) }, { session: { type: 'new' }, paces: { newSessionsPerMinute: 1 } });
  const { records, results } = await runPlan(plan, driver);
  expect(driver.begun).toHaveLength(1);
  expect(records.map(({ outcome }) => outcome)).toEqual(['ok']);
  expect(results[0]?.unsent).toBe(5);
});

test('a pace delays, and what it delays is no lateness', async () => {
  const driver = createActingDriver();
  const plan = loadPlan({ startLevel: 10, turns: 30 }, { paces: { turnsPerSecond: 100 } });
  const { records } = await runPlan(plan, driver);
  const stamps = driver.begun.map(({ at }) => at);
  // Ten each tenth of a second. The first of them may be late while the last is not, which brings the two together.
  const spans = stamps.slice(10).map((at, index) => at - (stamps[index] ?? 0));
  expect(Math.min(...spans)).toBeGreaterThan(50);
  // A slow machine begins fewer turns before their time.
  expect(records.filter(({ heldMs }) => heldMs > 0).length).toBeGreaterThan(0);
  for (const { latenessMs, heldMs, sentMs } of records) {
    expect(latenessMs).toBeGreaterThanOrEqual(0);
    // A turn is sent after its lateness and the time it was held back, which do not overlap.
    expect(latenessMs + heldMs).toBeLessThanOrEqual(sentMs + 0.001);
  }
});

test('a bug of the driver ends the run with it, and the turns in flight with the run', async () => {
  const gate = createGate();
  const driver = createActingDriver({
    work: async (_turn, number) => {
      if (number === 2) throw new TypeError('a bug of ours');
      await gate.promise;
    },
  });
  const { records, results } = startPlan(loadPlan({ startLevel: 3, turns: 10 }), driver);
  await expect(results).rejects.toThrow('a bug of ours');
  expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
});

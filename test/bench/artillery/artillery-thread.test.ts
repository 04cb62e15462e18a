import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BenchPlan } from '../../../src/bench/run/plan.ts';
import type { SessionCounts, TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { planPhases } from '../../../src/bench/artillery/plan-phases.ts';
import { createThreadRun, type ThreadRun } from '../../../src/bench/artillery/thread-run.ts';
import { createGate } from '../../helpers/acting-agent.ts';
import { type ActingDriver, createActingDriver } from '../../helpers/acting-driver.ts';
import { loadPlan } from '../../helpers/load-plan.ts';

interface Thread {
  readonly run: ThreadRun;
  readonly records: readonly TurnRecord[];
  /** What was told when nobody was left. */
  readonly ends: readonly SessionCounts[];
  /** As if Artillery let a virtual user come: its outcomes that were not ok. */
  user(): Promise<string[]>;
}

function startThread(plan: BenchPlan, driver: ActingDriver, threads = 1): Thread {
  const records: TurnRecord[] = [];
  const ends: SessionCounts[] = [];
  const run = createThreadRun(plan, {
    driver,
    phases: planPhases(plan),
    threads,
    onTurn: (record) => records.push(record),
    onEnd: async (sessions) => void ends.push(sessions),
  });
  const user = async (): Promise<string[]> => {
    const bad: string[] = [];
    await run.user((outcome) => bad.push(outcome));
    return bad;
  };
  return { run, records, ends, user };
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => 'settled'), sleep(20, 'waiting')])) === 'settled';

const OPEN = { model: 'open' } as const;

describe('closed', () => {
  it('its virtual users together send the turns of the plan, and the last one stops the sessions', async () => {
    const driver = createActingDriver({ work: () => sleep(1) });
    const plan = loadPlan({ startLevel: 3, turns: 10 }, { conversations: [['a'], ['b', 'c']] });
    const { records, ends, user, run } = startThread(plan, driver);
    expect(await Promise.all([user(), user(), user()])).toEqual([[], [], []]);
    expect(records).toHaveLength(10);
    expect(driver.mostAtOnce).toBe(3);
    expect(ends).toEqual([{ opened: 3, stopped: 3, left: 0 }]);
    expect(driver.stopped).toHaveLength(3);
    expect(new Set(records.map(({ plannedMs }) => plannedMs))).toEqual(new Set([undefined]));
    expect(run.progress().durationMs).toBeGreaterThanOrEqual(run.progress().sendingMs);
  });

  it('goes on after a turn that was not ok, and tells of each', async () => {
    const driver = createActingDriver({
      change: (sent, _turn, number) => (number % 2 === 0 ? sent : { ...sent, metrics: { ...sent.metrics, outcome: 'reset' } }),
    });
    const { user, records } = startThread(loadPlan({ turns: 5 }), driver);
    expect(await user()).toEqual(['reset', 'reset']);
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'reset', 'ok', 'reset', 'ok']);
  });

  it('holds a virtual user back until the level wants it, and ends with the time', async () => {
    const stages = [
      { durationMs: 300, level: 1 },
      { durationMs: 0, level: 2 },
      { durationMs: 300, level: 2 },
    ];
    const driver = createActingDriver({ work: () => sleep(5) });
    const { user, records } = startThread(loadPlan({ startLevel: 1, stages }), driver);
    await Promise.all([user(), user()]);
    const second = records.filter(({ session }) => session === 1);
    expect(Math.min(...second.map(({ sentMs }) => sentMs))).toBeGreaterThanOrEqual(300);
    expect(records.some(({ sentMs }) => sentMs < 300)).toBe(true);
    expect(driver.mostAtOnce).toBe(2);
  });

  it('cuts what is in flight when the grace is over', async () => {
    const driver = createActingDriver({ work: () => new Promise(() => undefined) });
    const plan = loadPlan({ turns: 1 }, { graceMs: 30 });
    const { user, records } = startThread(plan, driver);
    expect(await user()).toEqual(['unfinished']);
    expect(records).toMatchObject([{ outcome: 'unfinished', metrics: { outcome: 'cancelled' } }]);
  });
});

describe('open', () => {
  const SLOW = loadPlan({ ...OPEN, startLevel: 1, turns: 3 });

  it('a virtual user is one conversation; sessions stay for those that come', async () => {
    const driver = createActingDriver();
    const { user, records, ends } = startThread(SLOW, driver);
    const first = user();
    // It is the last one, but others will come.
    expect(await isSettled(first)).toBe(false);
    expect(driver.stopped).toEqual([]);
    const second = user();
    expect(await first).toEqual([]);
    expect(await isSettled(second)).toBe(false);
    await user();
    expect(await second).toEqual([]);
    expect(records.map((record) => [record.session, record.class])).toEqual([
      [0, 'new-session'],
      [0, 'warm'],
      [0, 'warm'],
    ]);
    expect(ends).toEqual([{ opened: 1, stopped: 1, left: 0 }]);
  });

  it('does not wait for one who is still at work', async () => {
    const gate = createGate();
    const driver = createActingDriver({ work: (_turn, number) => (number === 0 ? gate.promise : undefined) });
    const { user, ends } = startThread(SLOW, driver);
    const first = user();
    await user();
    await user();
    expect(ends).toEqual([]);
    gate.open();
    await first;
    expect(ends).toEqual([{ opened: 2, stopped: 2, left: 0 }]);
  });

  it('keeps the warm-up apart, and ends when its time is over', async () => {
    const stages = [{ durationMs: 200, level: 15 }];
    const plan = loadPlan({ ...OPEN, startLevel: 15, stages }, { warmupMs: 300 });
    const { user, records, ends, run } = startThread(plan, createActingDriver());
    const first = user();
    await sleep(310);
    await Promise.all([first, user()]);
    expect(records.map(({ phase }) => phase)).toEqual(['warmup', 'measured']);
    expect(ends.at(-1)).toEqual({ opened: 1, stopped: 1, left: 0 });
    expect(run.progress().sendingMs).toBeGreaterThanOrEqual(200);
  });

  it('serves a virtual user that comes after the end, too', async () => {
    const { user, records, ends } = startThread(loadPlan({ ...OPEN, turns: 1 }), createActingDriver());
    await user();
    expect(await user()).toEqual([]);
    // The plan's turns are sent: there is nothing left for it.
    expect(records).toHaveLength(1);
    expect(ends).toHaveLength(2);
  });

  it('keeps its part of the paces', async () => {
    const driver = createActingDriver();
    const plan = loadPlan({ ...OPEN, startLevel: 10, turns: 3 }, { paces: { turnsPerSecond: 20 } });
    const { user, records } = startThread(plan, driver, 2);
    await Promise.all([user(), user(), user()]);
    const sent = records.map(({ sentMs }) => sentMs).toSorted((a, b) => a - b);
    // Ten a second are this thread's: the third is due 200 ms after the first was wanted, however late a busy machine has sent that one.
    expect(sent[2]).toBeGreaterThan(190);
  });

  it('a bug does not keep Artillery waiting', async () => {
    const driver = createActingDriver({
      work: () => {
        throw new Error('a bug');
      },
    });
    const { user, ends } = startThread(loadPlan({ turns: 10 }), driver);
    await expect(user()).rejects.toThrow('a bug');
    expect(ends).toHaveLength(1);
  });
});

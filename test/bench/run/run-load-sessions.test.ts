import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SentTurn } from '../../../src/bench/run/load-driver.ts';
import { OperationError } from '../../../src/cli/errors.ts';
import { type ActingDriver, createActingDriver } from '../../helpers/acting-driver.ts';
import { createGate } from '../../helpers/acting-agent.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { runPlan, startPlan } from '../../helpers/run-plan.ts';

const sessionsOf = ({ begun }: ActingDriver): string[] => [
  ...new Set(begun.map(({ turn }) => ('probe' in turn ? '' : turn.sessionId))),
];
const NEW = { session: { type: 'new' } } as const;

test('new: each conversation has its own session, stopped once, after its last turn', async () => {
  const open = new Set<string>();
  const wrong: string[] = [];
  const driver: ActingDriver = createActingDriver({
    work: (turn) => {
      if (!('probe' in turn)) open.add(turn.sessionId);
      return undefined;
    },
    change: (sent, turn) => {
      if (!('probe' in turn)) open.delete(turn.sessionId);
      return sent;
    },
    stop: async (id) => void (open.has(id) && wrong.push(id)),
  });
  const plan = loadPlan({ startLevel: 3, turns: 12 }, { ...NEW, conversations: [['a', 'b']] });
  const { records, results } = await runPlan(plan, driver);
  expect(records.map((turn) => turn.class).toSorted()).toEqual([
    ...Array.from({ length: 6 }, () => 'new-session'),
    ...Array.from({ length: 6 }, () => 'warm'),
  ]);
  expect(driver.stopped.map(({ sessionId }) => sessionId).toSorted()).toEqual(sessionsOf(driver).toSorted());
  expect(wrong).toEqual([]);
  expect(results[0]?.sessions).toEqual({ opened: 6, stopped: 6, left: 0 });
});

test('per-vu: as many sessions as virtual users, stopped at the end', async () => {
  const driver = createActingDriver({ work: () => sleep(5) });
  const { records, results } = await runPlan(loadPlan({ startLevel: 3, turns: 30 }), driver);
  expect(sessionsOf(driver)).toHaveLength(3);
  expect(records.filter((turn) => turn.class === 'new-session')).toHaveLength(3);
  expect(new Set(records.map(({ session }) => session))).toEqual(new Set([0, 1, 2]));
  expect(results[0]?.sessions).toEqual({ opened: 3, stopped: 3, left: 0 });
});

test('a stop that takes for ever delays no turn', async () => {
  const gate = createGate();
  const driver = createActingDriver({ stop: () => gate.promise });
  const { records, results } = startPlan(loadPlan({ turns: 50 }, NEW), driver);
  await expect.poll(() => records.length).toBe(50);
  expect(driver.stopped.length).toBeLessThan(20);
  gate.open();
  const [result] = await results;
  expect(result?.sessions).toEqual({ opened: 50, stopped: 50, left: 0 });
});

test('sessions that could not be stopped are told, those that had ended are not', async () => {
  const driver: ActingDriver = createActingDriver({
    async stop() {
      const number = driver.stopped.length;
      if (number === 1) throw new OperationError('SESSION_NOT_FOUND', 'it is not there');
      if (number === 2) throw new OperationError('AGENT_UNAVAILABLE', 'no');
    },
  });
  const { results } = await runPlan(loadPlan({ turns: 4 }, NEW), driver);
  expect(results[0]?.sessions).toEqual({ opened: 4, stopped: 3, left: 1 });
});

test('sessions are kept when that is wanted', async () => {
  const driver = createActingDriver();
  const { results } = await runPlan(loadPlan({ turns: 4 }, { ...NEW, keepsSessions: true }), driver);
  expect(driver.stopped).toEqual([]);
  expect(results[0]?.sessions).toEqual({ opened: 4, stopped: 0, left: 4 });
});

test('a session that the server cannot hold was not opened, and its next turn is new', async () => {
  const refused = (sent: SentTurn, number: number): Partial<SentTurn> =>
    [
      { status: undefined, code: 'CONNECT_FAILED' },
      { status: 429, code: 'THROTTLED' },
      { status: undefined, code: 'NO_CREDENTIALS', sentAt: undefined },
    ][number] ?? sent;
  const driver = createActingDriver({ change: (sent, _turn, number) => ({ ...sent, ...refused(sent, number) }) });
  const { records, results } = await runPlan(loadPlan({ turns: 5 }), driver);
  expect(records.map((turn) => turn.class)).toEqual(['new-session', 'new-session', 'new-session', 'new-session', 'warm']);
  expect(driver.stopped).toHaveLength(1);
  expect(results[0]?.sessions).toEqual({ opened: 1, stopped: 1, left: 0 });
});

test('after a cut the next conversation has another session', async () => {
  const driver = createActingDriver({
    change: (sent, _turn, number) => (number === 0 ? { ...sent, metrics: { ...sent.metrics, outcome: 'reset' } } : sent),
  });
  const { records, results } = await runPlan(loadPlan({ turns: 3 }), driver);
  expect(records.map(({ outcome, session }) => [outcome, session])).toEqual([
    ['reset', 0],
    ['ok', 1],
    ['ok', 1],
  ]);
  expect(results[0]?.sessions).toEqual({ opened: 2, stopped: 2, left: 0 });
});

test('new sessions keep their pace; turns in old ones need not wait', async () => {
  const driver = createActingDriver({ work: () => sleep(5) });
  const interrupt = new AbortController();
  const plan = loadPlan({ startLevel: 2, turns: 20 }, { paces: { newSessionsPerMinute: 10 } });
  const { records, results } = startPlan(plan, driver, { signal: interrupt.signal });
  await expect.poll(() => records.length).toBe(19);
  expect(new Set(records.map(({ session }) => session)).size).toBe(1);
  expect(new Set(records.map(({ heldMs }) => heldMs))).toEqual(new Set([0]));
  // The second waits for its tenth of a minute.
  interrupt.abort();
  const [result] = await results;
  expect(records).toHaveLength(19);
  expect(result).toMatchObject({ unsent: 0, sessions: { opened: 1 } });
});

import { expect, test } from 'vitest';
import { IDLE_CLIENT, runFacts, turnRecord } from '../../helpers/turn-record.ts';
import type { ClientFacts, TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { validityOf } from '../../../src/bench/figures/validity.ts';

const run = runFacts({ maxLagMs: 20 });
const late = (count: number, of: number, facts: Partial<TurnRecord>): TurnRecord[] =>
  Array.from({ length: of }, (_, index) => turnRecord({ index, ...(index < count && facts) }));
const judge = (turns: readonly TurnRecord[], clients: readonly ClientFacts[] = [IDLE_CLIENT]) => {
  const validity = validityOf({ run, clients, turns });
  return validity.valid ? [] : validity.reasons;
};

test('a client that kept up is valid, and its lag is told', () => {
  const turns = late(2, 200, { latenessMs: 500 });
  expect(validityOf({ run, clients: [IDLE_CLIENT], turns })).toEqual({
    valid: true,
    lag: { lateness: { n: 200, p50: 0, p90: 0, p95: 0, p99: 0, max: 500 }, loopDelayP99Ms: 1, busy: 0.1 },
  });
});

test.each([
  [late(3, 200, { latenessMs: 20.5 }), [IDLE_CLIENT], /sent late: p99 20\.5 ms, more than the 20 ms.*--workers/],
  [late(1, 50, { latenessMs: 31 }), [IDLE_CLIENT], /sent late: p99 31\.0 ms/],
  [late(0, 9, {}), [IDLE_CLIENT, { ...IDLE_CLIENT, loopDelayP99Ms: 44.2 }], /event loop came late.*44\.2 ms.*export artillery/],
  [late(0, 9, {}), [{ ...IDLE_CLIENT, busy: 0.97 }, IDLE_CLIENT], /busy 97\.0 % of the time.*lower rate/],
  [
    late(3, 200, { plannedMs: 0, heldMs: 2_000 }),
    [IDLE_CLIENT],
    /own rate limits held turns back: p99 2000\.0 ms.*--ignore-limits/,
  ],
  [late(0, 9, {}), [], /nothing is known/],
] as const)('one reason: %#', (turns, clients, reason) => {
  const reasons = judge(turns, clients);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(reason);
});

test('every reason is told', () => {
  const turns = late(9, 100, { latenessMs: 50 });
  expect(judge(turns, [{ loopDelayP99Ms: 90, loopDelayMaxMs: 99, busy: 1 }])).toHaveLength(3);
});

test('at a bound is within it; of a closed load the paces are its schedule', () => {
  expect(judge(late(9, 100, { latenessMs: 20 }), [{ ...IDLE_CLIENT, loopDelayP99Ms: 20, busy: 0.95 }])).toEqual([]);
  expect(judge(late(100, 100, { heldMs: 5_000 }))).toEqual([]);
});

test('a bound that is longer than the run is passed by no client, however busy', () => {
  const clients = [{ ...IDLE_CLIENT, busy: 0.97 }];
  const judgeAt = (maxLagMs: number) => validityOf({ run: runFacts({ maxLagMs, sendingMs: 2_000 }), clients, turns: [] }).valid;
  expect([judgeAt(2_000), judgeAt(2_001)]).toEqual([false, true]);
});

test('without turns there is nothing to doubt', () => {
  expect(judge([], [])).toEqual([]);
});

test('one planned turn of a hundred may stay unsent, whatever was stopped from outside', () => {
  const turns = late(0, 99, {});
  const judgeUnsent = (unsent: number, stoppedBy?: 'budget') =>
    validityOf({ run: runFacts({ unsent, ...(stoppedBy && { stoppedBy }) }), clients: [IDLE_CLIENT], turns });
  expect(judgeUnsent(1).valid).toBe(true);
  expect(judgeUnsent(2)).toMatchObject({ reasons: [expect.stringContaining('held 2 of 101 planned turns back')] });
  expect(judgeUnsent(2, 'budget').valid).toBe(true);
});

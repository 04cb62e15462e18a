import { expect, test } from 'vitest';
import { hopDifferences } from '../../../src/bench/figures/hop-differences.ts';
import { createRandom } from '../../../src/bench/run/schedule.ts';
import { turnRecord } from '../../helpers/turn-record.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';
import type { Hop } from '../../../src/stream/stream-part.ts';

/** Rounds over all three hops: the agent's own time differs from round to round by far more than a hop adds. */
function rounds(count: number, seed: number): TurnRecord[] {
  const random = createRandom(seed);
  const added: Readonly<Record<Hop, number>> = { agentcore: 0, lambda: 12, api: 12 + 25 };
  return Array.from({ length: count }, (_, pair) => {
    const agentMs = 300 + 5_000 * random();
    return (['lambda', 'api', 'agentcore'] as const).map((hop, place) => {
      const first = agentMs + added[hop] + 8 * random();
      const facts = { index: 3 * pair + place, hop, pair, sentMs: 10 * pair + place };
      return turnRecord(facts, { readMs: [first, first + 7_000] });
    });
  }).flat();
}

const find = (turns: readonly TurnRecord[], what: string, metric: 'ttfb' | 'ttft' | 'maxGap' = 'ttfb') =>
  hopDifferences(turns, 1).find((one) => one.what === what && one.metric === metric);

test('each hop is told from the one below it, whatever the agent took', () => {
  const turns = rounds(100, 3);
  expect(hopDifferences(turns, 1).map(({ what, upper, lower }) => [what, upper, lower])).toEqual([
    ...Array.from({ length: 3 }, () => ['API Gateway', 'api', 'lambda']),
    ...Array.from({ length: 3 }, () => ['Lambda', 'lambda', 'agentcore']),
  ]);
  for (const metric of ['ttfb', 'ttft'] as const) {
    const gateway = find(turns, 'API Gateway', metric);
    expect(gateway?.n).toBe(100);
    expect(gateway?.medianMs).toBeGreaterThan(23);
    expect(gateway?.medianMs).toBeLessThan(27);
    const lambda = find(turns, 'Lambda', metric);
    expect(lambda?.medianMs).toBeGreaterThan(10);
    expect(lambda?.medianMs).toBeLessThan(14);
  }
  expect(find(turns, 'Lambda', 'maxGap')).toMatchObject({ n: 100 });
  expect(find(turns, 'Lambda', 'maxGap')?.medianMs).toBeCloseTo(0, 6);
});

test('the interval holds the truth in about 95 of 100 runs', () => {
  let held = 0;
  for (let seed = 0; seed < 200; seed += 1) {
    const { lowMs = 0, highMs = 0 } = find(rounds(40, seed), 'API Gateway') ?? {};
    if (lowMs <= 25 && highMs >= 25) held += 1;
  }
  expect(held).toBeGreaterThanOrEqual(180);
  expect(held).toBeLessThan(200);
});

test('without Lambda in between, both are told together', () => {
  const turns = rounds(10, 1).filter(({ hop }) => hop !== 'lambda');
  expect(find(turns, 'API Gateway and Lambda')?.medianMs).toBeGreaterThan(30);
  expect(hopDifferences(turns, 1)).toHaveLength(3);
  expect(
    hopDifferences(
      turns.filter(({ hop }) => hop === 'api'),
      1,
    ),
  ).toEqual([]);
});

test('only two good turns of one class are a pair, and no cold ones', () => {
  const change = (pair: number, hop: Hop, facts: Partial<TurnRecord>): TurnRecord[] =>
    rounds(10, 1).map((turn) => (turn.pair === pair && turn.hop === hop ? { ...turn, ...facts } : turn));
  const n = (turns: readonly TurnRecord[]) => find(turns, 'API Gateway')?.n;
  expect(n(rounds(10, 1))).toBe(10);
  expect(n(change(3, 'api', { outcome: 'reset' }))).toBe(9);
  expect(n(change(3, 'lambda', { class: 'cold' }))).toBe(9);
  expect(n(change(3, 'lambda', { class: 'new-session' }))).toBe(9);
  expect(n(rounds(10, 1).filter(({ pair, hop }) => pair !== 3 || hop !== 'api'))).toBe(9);
  const bothCold = rounds(10, 1).map((turn) => (turn.pair === 3 ? { ...turn, class: 'cold' as const } : turn));
  expect(n(bothCold)).toBe(9);
});

test('turns of a conversation are paired by their place in it', () => {
  const conversation = (hop: Hop, addedMs: number): TurnRecord[] =>
    Array.from({ length: 12 }, (_, place) =>
      turnRecord({ index: place, hop, pair: 0, sentMs: 1_000 * place }, { readMs: [100 * place + addedMs] }),
    );
  // Whatever the order in which they were written down.
  const turns = [...conversation('api', 40).toReversed(), ...conversation('lambda', 10)];
  expect(find(turns, 'API Gateway')).toMatchObject({ n: 12, medianMs: 30, lowMs: 30, highMs: 30 });
});

test('turns that were sent at the same time are paired by their number', () => {
  const together = (hop: Hop, addedMs: number): TurnRecord[] =>
    Array.from({ length: 8 }, (_, index) => turnRecord({ index, hop, pair: 0, sentMs: 5 }, { readMs: [100 * index + addedMs] }));
  const turns = [...together('api', 40).toReversed(), ...together('lambda', 10)];
  expect(find(turns, 'API Gateway')).toMatchObject({ n: 8, medianMs: 30, lowMs: 30, highMs: 30 });
});

test('a time that only one of a pair has gives no difference', () => {
  const withoutText = (hop: Hop) =>
    rounds(10, 1).map((turn): TurnRecord => {
      const { ttftMs: _none, ...metrics } = turn.metrics;
      return turn.pair === 3 && turn.hop === hop ? { ...turn, metrics } : turn;
    });
  for (const hop of ['api', 'lambda'] as const) {
    expect(find(withoutText(hop), 'API Gateway', 'ttft')?.n).toBe(9);
    expect(find(withoutText(hop), 'API Gateway', 'ttfb')?.n).toBe(10);
  }
});

test('the seed alone decides what is drawn', () => {
  const turns = rounds(150, 3);
  const intervals = (seed: number) => JSON.stringify(hopDifferences(turns, seed));
  expect(intervals(1)).toBe(intervals(1));
  expect(new Set([1, 2, 3, 4].map(intervals)).size).toBeGreaterThan(1);
});

test.each([
  [8, 4],
  [9, 5],
])('of %i differences the median is one of them: the one of %i ms', (count, medianMs) => {
  const turns = Array.from({ length: count }, (_, pair) => [
    turnRecord({ hop: 'api', pair }, { readMs: [101 + pair] }),
    turnRecord({ hop: 'lambda', pair }, { readMs: [100] }),
  ]);
  expect(find(turns.flat(), 'API Gateway')).toMatchObject({ n: count, medianMs });
});

test('with fewer than six pairs nothing is said', () => {
  expect(find(rounds(5, 1), 'API Gateway')).toEqual({ what: 'API Gateway', upper: 'api', lower: 'lambda', metric: 'ttfb', n: 5 });
  expect(find(rounds(6, 1), 'API Gateway')).toHaveProperty('lowMs');
});

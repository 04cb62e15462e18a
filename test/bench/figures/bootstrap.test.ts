import { expect, test } from 'vitest';
import {
  percentileDifferenceInterval,
  percentileInterval,
  shareDifferenceInterval,
} from '../../../src/bench/figures/bootstrap.ts';
import { percentileOf } from '../../../src/stream/distribution.ts';
import { createRandom } from '../../../src/bench/run/schedule.ts';

/** What `percentileInterval` is said to be, drawn value by value. */
function resampled(sorted: Float64Array, percent: number, level: number, draws: number): number[] {
  const random = createRandom(77);
  const found = Float64Array.from({ length: draws }, () => {
    const sample = sorted.map(() => sorted[Math.floor(random() * sorted.length)] ?? 0).sort();
    return percentileOf(sample, percent) ?? 0;
  }).sort();
  const tail = (100 - level) / 2;
  return [tail, 100 - tail].map((at) => percentileOf(found, at) ?? 0);
}

test.each([
  { n: 7, percent: 50 },
  { n: 40, percent: 50 },
  { n: 200, percent: 95 },
  { n: 501, percent: 50 },
])('of $n values p$percent: as drawn value by value', ({ n, percent }) => {
  const random = createRandom(n);
  const sorted = Float64Array.from({ length: n }, () => -100 * Math.log(1 - random())).sort();
  const { low, high } = percentileInterval(sorted, percent, { level: 95, seed: 3 });
  const [truLow = 0, trueHigh = 0] = resampled(sorted, percent, 95, 4_000);
  // By rank: neighbours in a tail may lie far apart.
  const rank = (value: number): number => sorted.indexOf(value);
  const slack = Math.max(1, Math.ceil(0.15 * Math.sqrt(n)));
  expect(Math.abs(rank(low) - rank(truLow))).toBeLessThanOrEqual(slack);
  expect(Math.abs(rank(high) - rank(trueHigh))).toBeLessThanOrEqual(slack);
});

/** Chance that at least `least` of n draws succeed. */
function atLeast(least: number, n: number, chance: number): number {
  let [sum, ways] = [0, 1];
  for (let hits = 0; hits <= n; hits += 1) {
    if (hits >= least) sum += ways * chance ** hits * (1 - chance) ** (n - hits);
    ways *= (n - hits) / (hits + 1);
  }
  return sum;
}

test.each([
  { n: 2, percent: 50 },
  { n: 3, percent: 50 },
  { n: 5, percent: 95 },
  { n: 9, percent: 50 },
])('of $n values p$percent: as often as the binomial distribution has it', ({ n, percent }) => {
  const sorted = Float64Array.from({ length: n }, (_, index) => index);
  const rank = Math.ceil((percent * n) / 100);
  /** The value that so many percent of all resamples' percentiles do not exceed. */
  const quantile = (share: number): number => {
    const { low, high } = percentileInterval(sorted, percent, { level: Math.abs(2 * share - 100), seed: 9 });
    return share < 50 ? low : high;
  };
  for (let value = 0; value < n - 1; value += 1) {
    // It is not exceeded when enough of the draws are among the lowest.
    const share = 100 * atLeast(rank, n, (value + 1) / n);
    if (share > 4) expect(quantile(share - 3)).toBeLessThanOrEqual(value);
    if (share < 96) expect(quantile(share + 3)).toBeGreaterThan(value);
  }
});

test('one value is sure of itself; the same seed gives the same interval, another one another', () => {
  const one = Float64Array.of(5);
  expect(percentileInterval(one, 50, { level: 95, seed: 1 })).toEqual({ low: 5, high: 5 });
  const random = createRandom(1);
  const many = Float64Array.from({ length: 300 }, random).sort();
  const interval = (seed: number) => percentileDifferenceInterval(many, many, 50, { level: 99, seed });
  expect(interval(1)).toEqual(interval(1));
  expect(interval(1)).not.toEqual(interval(2));
  expect(interval(1).low).toBeLessThan(0);
  expect(interval(1).high).toBeGreaterThan(0);
});

test('shares: as wide as the binomial distribution has it', () => {
  const { low, high } = shareDifferenceInterval({ count: 900, n: 1_000 }, { count: 800, n: 1_000 }, { level: 95, seed: 5 });
  const error = 1.96 * Math.sqrt((0.9 * 0.1 + 0.8 * 0.2) / 1_000);
  expect(low).toBeGreaterThan(-0.1 - 1.15 * error);
  expect(low).toBeLessThan(-0.1 - 0.85 * error);
  expect(high).toBeGreaterThan(-0.1 + 0.85 * error);
  expect(high).toBeLessThan(-0.1 + 1.15 * error);
  const sure = { count: 50, n: 50 };
  expect(shareDifferenceInterval(sure, sure, { level: 95, seed: 5 })).toEqual({ low: 0, high: 0 });
});

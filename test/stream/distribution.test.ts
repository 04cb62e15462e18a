import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  GapRecorder,
  distributionOf,
  distributionOfGaps,
  gapPercentile,
  mergeGapHistograms,
} from '../../src/stream/distribution.ts';
import type { GapHistogram } from '../../src/stream/metrics-schema.ts';
import { cases } from '../helpers/properties.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 });

test('a percentile is the least value that enough values do not exceed', () => {
  fc.assert(
    fc.property(values, (list) => {
      const found = distributionOf(list);
      for (const percent of [50, 90, 95, 99] as const) {
        const value = found[`p${percent}`];
        if (value === undefined) continue;
        const notAbove = (bound: number): number => list.filter((one) => one <= bound).length;
        expect(notAbove(value) * 100).toBeGreaterThanOrEqual(percent * list.length);
        const next = Math.max(-1, ...list.filter((one) => one < value));
        expect(notAbove(next) * 100).toBeLessThan(percent * list.length);
      }
      expect(found.max).toBe(Math.max(...list));
      expect(found.n).toBe(list.length);
    }),
  );
});

test.each([
  { n: 0, held: [] },
  { n: 1, held: ['max', 'p50'] },
  { n: 9, held: ['max', 'p50'] },
  { n: 10, held: ['max', 'p50', 'p90'] },
  { n: 19, held: ['max', 'p50', 'p90'] },
  { n: 20, held: ['max', 'p50', 'p90', 'p95'] },
  { n: 99, held: ['max', 'p50', 'p90', 'p95'] },
  { n: 100, held: ['max', 'p50', 'p90', 'p95', 'p99'] },
])('of $n values there are $held', ({ n, held }) => {
  const gaps = new GapRecorder();
  const list = Array.from({ length: n }, (_, index) => index + 1);
  for (const value of list) gaps.record(value);
  for (const found of [distributionOf(list), distributionOfGaps(gaps.snapshot())]) {
    expect(Object.keys(found).sort()).toEqual([...held, 'n'].sort());
    expect(found.n).toBe(n);
  }
});

test('counted gaps give the same percentiles, to 1 part in 32', () => {
  fc.assert(
    fc.property(values, (list) => {
      const gaps = new GapRecorder();
      for (const value of list) gaps.record(value);
      const [exact, counted] = [distributionOf(list), distributionOfGaps(gaps.snapshot())];
      expect(counted.max).toBe(exact.max);
      for (const name of ['p50', 'p90', 'p95', 'p99'] as const) {
        const value = exact[name] ?? 0;
        // A gap is counted in whole microseconds.
        expect(counted[name] ?? 0).toBeGreaterThanOrEqual(value - 0.000_51);
        expect(counted[name] ?? 0).toBeLessThanOrEqual(value * (1 + 1 / 32) + 0.001);
      }
    }),
  );
});

const histogram = (gaps: readonly number[]): GapHistogram => {
  const recorder = new GapRecorder();
  for (const gap of gaps) recorder.record(gap);
  return recorder.snapshot();
};
/** Whole microseconds up to 16 minutes, all orders of magnitude alike. */
const gapMs = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([power, share]) => Math.min(Math.round(2 ** power * (1 + share)), 1e9) / 1_000);
const gaps = fc.array(gapMs, { minLength: 1, maxLength: 300 });

test('percentiles are those of the sorted gaps, to 1 part in 32', () => {
  fc.assert(
    fc.property(gaps, fc.double({ min: 0, max: 100, noNaN: true }), (values, percent) => {
      const sorted = values.toSorted((a, b) => a - b);
      const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
      const exact = sorted[rank - 1] ?? Number.NaN;
      const found = gapPercentile(histogram(values), percent) ?? Number.NaN;
      expect(found).toBeGreaterThanOrEqual(exact - 1e-9);
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 32) + 1e-9);
    }),
  );
});

test('the highest is exact; without gaps there is no percentile', () => {
  expect(gapPercentile(histogram([1, 299_999.5, 2]), 100)).toBe(299_999.5);
  expect(gapPercentile(histogram([]), 50)).toBeUndefined();
});

test('merging is recording all into one, and JSON keeps everything', () => {
  fc.assert(
    fc.property(fc.array(gaps, { maxLength: 4 }), (lists) => {
      const merged = mergeGapHistograms(lists.map(histogram));
      expect(merged).toEqual(histogram(lists.flat()));
      expect(JSON.parse(JSON.stringify(merged))).toEqual(merged);
    }),
    { numRuns: cases(50) },
  );
});

test('a gap past 35 minutes is counted', () => {
  const held = histogram([7_200_000]);
  expect([held.count, held.maxMs]).toEqual([1, 7_200_000]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGapRecorder, gapPercentile, mergeGapHistograms } from '../../src/stream/distribution.ts';
import type { GapHistogram } from '../../src/stream/metrics-schema.ts';

const histogram = (gaps: readonly number[]): GapHistogram => {
  const recorder = createGapRecorder();
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
    { numRuns: 50 },
  );
});

test('a gap past 35 minutes is counted', () => {
  const held = histogram([7_200_000]);
  expect([held.count, held.maxMs]).toEqual([1, 7_200_000]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimit, rateLimitShare } from '../../../src/bench/run/turn-sender.ts';
import { cases } from '../../helpers/properties.ts';

const anyWanted = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 400, noNaN: true })), { minLength: 1, maxLength: 300 })
  .map((gaps) => {
    let ms = 0;
    return gaps.map((gap) => (ms += gap));
  });

/** The most of these moments within any window of this length. */
function mostWithin(moments: readonly number[], windowMs: number): number {
  const sorted = moments.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((start) => sorted.filter((ms) => ms >= start && ms < start + windowMs - 1e-6).length));
}

test('keeps the bound in any window, whatever is wanted, and delays only', () => {
  fc.assert(
    fc.property(anyWanted, fc.integer({ min: 1, max: 60 }), (wanted, count) => {
      const pacer = createRateLimit(count, 1_000);
      const given = wanted.map((ms) => pacer.reserve(ms));
      expect(given).toEqual(given.toSorted((a, b) => a - b));
      expect(given.every((ms, index) => ms >= (wanted[index] ?? 0))).toBe(true);
      expect(mostWithin(given, 1_000)).toBeLessThanOrEqual(count);
    }),
    { numRuns: cases(60) },
  );
});

test('several workers keep it together', () => {
  fc.assert(
    fc.property(anyWanted, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2, max: 5 }), (wanted, count, workers) => {
      const pacers = Array.from({ length: workers }, (_, index) =>
        createRateLimit(rateLimitShare(count, { index, count: workers, firstIndex: 0 }), 1_000),
      );
      const given = wanted.map((ms, index) => pacers[index % workers]?.reserve(ms) ?? 0);
      // With less than one for each worker, each may still send its first at once.
      expect(mostWithin(given, 1_000)).toBeLessThanOrEqual(Math.max(count, workers));
    }),
    { numRuns: cases(60) },
  );
});

test('holds nothing back below the bound: an even load at the very bound goes as planned', () => {
  const pacer = createRateLimit(200, 1_000);
  for (let n = 0; n < 2_000; n += 1) expect(pacer.reserve(n * 5)).toBeCloseTo(n * 5, 6);
});

test('a run does not begin with all of it at once: a tenth in a tenth of the window', () => {
  const pacer = createRateLimit(400, 60_000);
  const given = Array.from({ length: 800 }, () => pacer.reserve(0));
  expect(given.filter((ms) => ms === 0)).toHaveLength(40);
  expect(given.filter((ms) => ms < 60_000)).toHaveLength(400);
  expect(given.at(-1)).toBe(114_000);
});

test('without a bound nothing waits', () => {
  expect(createRateLimit(undefined, 1_000).reserve(3)).toBe(3);
});

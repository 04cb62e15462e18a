import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distributionOf, distributionOfGaps } from '../../src/stream/distribution.ts';
import { createGapRecorder } from '../../src/stream/distribution.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 400,
});

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
  const gaps = createGapRecorder();
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
      const gaps = createGapRecorder();
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

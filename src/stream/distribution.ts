import { gapPercentile, type GapHistogram } from './gap-histogram.ts';

/** By nearest rank. A percentile is undefined when n is too small for it: see `FEWEST_VALUES`. */
export interface Distribution {
  readonly n: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly max?: number;
}

/** Fewest values for a percentile to be more than the longest of them by another name. */
export const FEWEST_VALUES = { p50: 1, p90: 10, p95: 20, p99: 100 } as const;

/** The figures of a distribution that are shown and judged, in this order. */
export const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'max'] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** Exact percentiles by nearest rank; one that has too few values is left out. @param values in any order */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const read = (percent: number): number | undefined => percentileOf(sorted, percent);
  return withPercentiles(sorted.length, read, sorted.at(-1));
}

/** The same of counted gaps: percentiles are at most 1 part in 32 too high, the maximum is exact. */
export function distributionOfGaps(gaps: GapHistogram): Distribution {
  return withPercentiles(gaps.count, (percent) => gapPercentile(gaps, percent), gaps.maxMs);
}

/**
 * The value that this share of all values does not exceed (nearest rank).
 * @param sorted ascending
 * @param percent above 0, up to 100
 * @returns undefined when there are no values
 */
export function percentileOf(sorted: Float64Array, percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)];
}

function withPercentiles(n: number, read: (percent: number) => number | undefined, max: number | undefined): Distribution {
  if (n === 0 || max === undefined) return { n };
  const held = Object.entries(FEWEST_VALUES).filter(([, fewest]) => n >= fewest);
  const values = held.map(([name]) => [name, read(Number(name.slice(1)))]);
  return { n, ...Object.fromEntries(values), max };
}

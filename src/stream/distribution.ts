import type { GapHistogram } from './metrics-schema.ts';

export function sumOf<T>(list: readonly T[], read: (item: T) => number): number {
  return list.reduce((sum, item) => sum + read(item), 0);
}

/** The greatest, and not less than `least`: unlike `Math.max` it takes lists of any length. */
export function mostOf<T>(list: readonly T[], read: (item: T) => number, least = 0): number {
  return list.reduce((most, item) => Math.max(most, read(item)), least);
}

/** Fewest values for a percentile to be more than the longest of them by another name. */
export const FEWEST_VALUES = { p50: 1, p90: 10, p95: 20, p99: 100 } as const;

/** The figures of a distribution that are shown and judged, in this order. */
export const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'max'] as const;
export type Percentile = (typeof PERCENTILES)[number];

/** By nearest rank. A percentile is undefined when n is too small for it: see `FEWEST_VALUES`. */
export type Distribution = { readonly n: number } & { readonly [P in Percentile]?: number };

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

/** By nearest rank. @param sorted ascending @param percent above 0, up to 100 @returns undefined when there are no values */
export function percentileOf(sorted: Float64Array, percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)];
}

function withPercentiles(n: number, read: (percent: number) => number | undefined, max: number | undefined): Distribution {
  if (n === 0 || max === undefined) return { n };
  const held = Object.entries(FEWEST_VALUES).filter(([, fewest]) => n >= fewest);
  const values = held.map(([name]) => [name, read(Number(name.slice(1)))]);
  return { n, ...Object.fromEntries(values), max };
}

export const NO_GAPS: GapHistogram = { count: 0, maxMs: 0, buckets: [] };

/** Buckets for each doubling: a power of 2. */
const PER_DOUBLING = 32;
const LOG_PER_DOUBLING = 5;
const MAX_MICROS = 2 ** 31 - 1;
const BUCKETS = bucketOf(MAX_MICROS) + 1;

/** Counts gaps: 3.5 kB, whatever comes. */
export class GapRecorder {
  readonly #counts = new Uint32Array(BUCKETS);
  #maxMs = 0;

  /** @param ms 0 or more; past 35 minutes all land in the last bucket */
  record(ms: number): void {
    const bucket = bucketOf(Math.min(Math.round(ms * 1_000), MAX_MICROS));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  snapshot(): GapHistogram {
    const counts = this.#counts;
    const buckets: [number, number][] = [];
    let count = 0;
    // Most of the buckets are empty: a function call for each takes up to twice as long.
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const held = counts[bucket] ?? 0;
      if (held === 0) continue;
      buckets.push([bucket, held]);
      count += held;
    }
    return { count, maxMs: this.#maxMs, buckets };
  }
}

/** The gaps of several streams as those of one. */
export function mergeGapHistograms(histograms: readonly GapHistogram[]): GapHistogram {
  const sums = new Map<number, number>();
  for (const { buckets } of histograms) {
    for (const [bucket, held] of buckets) sums.set(bucket, (sums.get(bucket) ?? 0) + held);
  }
  return {
    count: sumOf(histograms, ({ count }) => count),
    maxMs: mostOf(histograms, ({ maxMs }) => maxMs),
    buckets: [...sums].sort(([a], [b]) => a - b),
  };
}

/** By nearest rank, ms: at most 1 part in 32 too high. @param percent 0 (the shortest) to 100 @returns undefined without gaps */
export function gapPercentile({ count, maxMs, buckets }: GapHistogram, percent: number): number | undefined {
  if (count === 0) return undefined;
  let left = Math.max(1, Math.ceil((percent / 100) * count));
  for (const [bucket, held] of buckets) {
    left -= held;
    if (left <= 0) return Math.min(highestOf(bucket) / 1_000, maxMs);
  }
  return maxMs;
}

function bucketOf(micros: number): number {
  const shift = Math.max(0, 31 - Math.clz32(micros) - LOG_PER_DOUBLING);
  return shift * PER_DOUBLING + (micros >>> shift);
}

/** The highest value of a bucket, us. */
function highestOf(bucket: number): number {
  if (bucket < PER_DOUBLING) return bucket;
  const shift = Math.floor(bucket / PER_DOUBLING) - 1;
  return (bucket - shift * PER_DOUBLING + 1) * 2 ** shift - 1;
}

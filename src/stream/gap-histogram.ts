/**
 * How often which gap occurred. Log-linear: below 32 us exact, above with 32 buckets for each doubling, so that a value is known
 * to 1 part in 32. Plain data: JSON keeps it whole.
 */
export interface GapHistogram {
  readonly count: number;
  readonly maxMs: number;
  /** Bucket and how many gaps are in it, ascending; empty buckets are left out. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

export const NO_GAPS: GapHistogram = { count: 0, maxMs: 0, buckets: [] };

export interface GapRecorder {
  /** @param ms 0 or more; past 35 minutes all land in the last bucket */
  record(ms: number): void;
  snapshot(): GapHistogram;
}

/** Buckets for each doubling: a power of 2. */
const PER_DOUBLING = 32;
const LOG_PER_DOUBLING = 5;
const MAX_MICROS = 2 ** 31 - 1;
const BUCKETS = bucketOf(MAX_MICROS) + 1;

/** Counts gaps: 3.5 kB, whatever comes. */
export function createGapRecorder(): GapRecorder {
  return new Recorder();
}

class Recorder implements GapRecorder {
  readonly #counts = new Uint32Array(BUCKETS);
  #maxMs = 0;

  record(ms: number): void {
    const bucket = bucketOf(Math.min(Math.round(ms * 1_000), MAX_MICROS));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  snapshot(): GapHistogram {
    const buckets: [number, number][] = [];
    this.#counts.forEach((held, bucket) => {
      if (held > 0) buckets.push([bucket, held]);
    });
    const count = buckets.reduce((sum, [, held]) => sum + held, 0);
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
    count: histograms.reduce((sum, { count }) => sum + count, 0),
    maxMs: histograms.reduce((max, histogram) => Math.max(max, histogram.maxMs), 0),
    buckets: [...sums].sort(([a], [b]) => a - b),
  };
}

/**
 * The gap that this share of all gaps does not exceed (nearest rank), ms: never less than the true one, and more by 1 part in 32
 * at most.
 * @param percent 0 to 100; 0 is the shortest gap
 * @returns undefined when there are no gaps
 */
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

import { percentileOf } from '../../stream/distribution.ts';
import { createRandom } from '../run/schedule.ts';

export type Interval = { readonly low: number; readonly high: number };

export interface BootstrapOptions {
  /** Confidence level of the interval, percent. */
  readonly level: number;
  readonly seed: number;
}

const RESAMPLES = 2_000;

/** Percentile bootstrap interval of a percentile. @param sorted ascending, at least one value */
export function percentileInterval(sorted: Float64Array, percent: number, options: BootstrapOptions): Interval {
  return intervalOf(options, (random) => drawPercentile(sorted, percent, random));
}

/** The same of the difference of two samples' percentiles, `after` minus `before`. */
export function percentileDifferenceInterval(
  before: Float64Array,
  after: Float64Array,
  percent: number,
  options: BootstrapOptions,
): Interval {
  return intervalOf(options, (random) => drawPercentile(after, percent, random) - drawPercentile(before, percent, random));
}

/** So many of n. */
export type Share = { readonly count: number; readonly n: number };

/** The same of the difference of two shares. */
export function shareDifferenceInterval(before: Share, after: Share, options: BootstrapOptions): Interval {
  return intervalOf(options, (random) => drawShare(after, random) - drawShare(before, random));
}

function intervalOf({ level, seed }: BootstrapOptions, draw: (random: () => number) => number): Interval {
  const random = createRandom(seed);
  const drawn = new Float64Array(RESAMPLES);
  for (let index = 0; index < RESAMPLES; index += 1) drawn[index] = draw(random);
  drawn.sort();
  const tail = (100 - level) / 2;
  return { low: percentileOf(drawn, tail) ?? 0, high: percentileOf(drawn, 100 - tail) ?? 0 };
}

/** The k-th smallest of n values drawn from n stands at a position with a Beta(k, n + 1 - k) distribution: no need to draw n. */
function drawPercentile(sorted: Float64Array, percent: number, random: () => number): number {
  const n = sorted.length;
  const rank = Math.max(1, Math.ceil((percent * n) / 100));
  const below = drawGamma(rank, random);
  const position = below / (below + drawGamma(n + 1 - rank, random));
  return sorted[Math.min(n - 1, Math.floor(position * n))] ?? 0;
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). @param shape 1 or more */
function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    // A normal variate, by Box and Muller.
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawShare({ count, n }: Share, random: () => number): number {
  if (count === 0 || count === n) return count / n;
  const share = count / n;
  let drawn = 0;
  for (let index = 0; index < n; index += 1) if (random() < share) drawn += 1;
  return drawn / n;
}

import { type Interval, percentileDifferenceInterval, type Share, shareDifferenceInterval } from './bootstrap.ts';
import type { TurnClass } from '../run/turn-kinds.ts';
import { percentileOf } from '../../stream/distribution.ts';
import type { Hop } from '../../stream/stream-part.ts';

export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown' | 'cannot judge';

/** Two runs, the second against the first. */
export interface Comparison {
  /** Confidence level of each interval in `rows`, percent. */
  readonly confidence: number;
  /** `cannot judge` if a run was not valid or no row could be judged, else `worse` if any row is, else `better` if any is. */
  readonly verdict: ComparisonVerdict;
  /** Why it cannot be judged, and what differs between the two plans; sentences. */
  readonly notes: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  readonly hop: Hop;
  /** Absent for what is taken over all turns of the hop: the share of ok turns. */
  readonly class?: TurnClass;
  /** `ttfb p50`, `ttft p95`, `maxGap p50`, `ok`, ... */
  readonly metric: string;
  readonly unit: 'ms' | 'share';
  readonly nBefore: number;
  readonly nAfter: number;
  readonly before?: number;
  readonly after?: number;
  /** After minus before, in `unit`, with its bootstrap interval at the comparison's confidence level. */
  readonly difference?: number;
  readonly low?: number;
  readonly high?: number;
  readonly verdict: ComparisonVerdict;
  /** The rule by which a change does not count although its interval leaves out zero, or by which nothing is judged. */
  readonly reason?: string;
}

export type ComparedFigures = Omit<ComparisonRow, 'hop' | 'class' | 'metric'>;

export interface CompareRules {
  /** Why a change of this size does not count; undefined where it does. Both in the unit of what is compared. */
  readonly dismiss: (before: number, size: number) => string | undefined;
  readonly seed: number;
}

/** Confidence level per row, in percent. 99, because a comparison has about a dozen rows. */
export const ROW_CONFIDENCE = 99;
const FEWEST = 20;

/** A percentile of two samples. @param before ascending, ms; so is `after` */
export function comparePercentiles(
  before: Float64Array,
  after: Float64Array,
  percent: number,
  rules: CompareRules,
): ComparedFigures {
  const options = { level: ROW_CONFIDENCE, seed: rules.seed };
  return figuresOf(
    { n: before.length, value: percentileOf(before, percent) },
    { n: after.length, value: percentileOf(after, percent) },
    () => percentileDifferenceInterval(before, after, percent, options),
    { ...rules, unit: 'ms', worse: 1 },
  );
}

/** Shares of good turns. */
export function compareShares(before: Share, after: Share, rules: CompareRules): ComparedFigures {
  const valueOf = ({ count, n }: Share) => ({ n, value: n === 0 ? undefined : count / n });
  const options = { level: ROW_CONFIDENCE, seed: rules.seed };
  return figuresOf(valueOf(before), valueOf(after), () => shareDifferenceInterval(before, after, options), {
    ...rules,
    unit: 'share',
    worse: -1,
  });
}

interface Sample {
  readonly n: number;
  readonly value: number | undefined;
}

function figuresOf(
  before: Sample,
  after: Sample,
  interval: () => Interval,
  { dismiss, unit, worse }: CompareRules & { unit: 'ms' | 'share'; worse: 1 | -1 },
): ComparedFigures {
  const figures = {
    unit,
    nBefore: before.n,
    nAfter: after.n,
    ...(before.value !== undefined && { before: before.value }),
    ...(after.value !== undefined && { after: after.value }),
  };
  if (before.value === undefined || after.value === undefined) {
    return { ...figures, verdict: 'cannot judge' };
  }
  const difference = after.value - before.value;
  const { low, high } = interval();
  const compared = { ...figures, difference, low, high };
  if (before.n < FEWEST || after.n < FEWEST) {
    return { ...compared, verdict: 'cannot judge', reason: `fewer than ${FEWEST} turns` };
  }
  if (low <= 0 && high >= 0) return { ...compared, verdict: 'no difference shown' };
  const reason = dismiss(before.value, Math.abs(difference));
  if (reason !== undefined) return { ...compared, verdict: 'no difference shown', reason };
  return { ...compared, verdict: difference * worse > 0 ? 'worse' : 'better' };
}

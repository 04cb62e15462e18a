import {
  type Interval,
  percentileDifferenceInterval,
  type Share,
  shareDifferenceInterval,
} from './bootstrap.ts';
import type { ComparisonRow, ComparisonVerdict } from './comparison.ts';
import { percentileOf } from '../../stream/distribution.ts';

export type ComparedFigures = Omit<ComparisonRow, 'hop' | 'class' | 'metric'>;

export interface CompareRules {
  /** The least change that counts, in the unit of what is compared. */
  readonly least: (before: number) => number;
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
  return figuresOf(
    valueOf(before),
    valueOf(after),
    () => shareDifferenceInterval(before, after, options),
    { ...rules, unit: 'share', worse: -1 },
  );
}

interface Sample {
  readonly n: number;
  readonly value: number | undefined;
}

function figuresOf(
  before: Sample,
  after: Sample,
  interval: () => Interval,
  { least, unit, worse }: CompareRules & { unit: 'ms' | 'share'; worse: 1 | -1 },
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
  const isShown = (low > 0 || high < 0) && Math.abs(difference) >= least(before.value);
  const direction: ComparisonVerdict = difference * worse > 0 ? 'worse' : 'better';
  const verdict = isShown ? direction : 'no difference shown';
  const isEnough = before.n >= FEWEST && after.n >= FEWEST;
  return { ...figures, difference, low, high, verdict: isEnough ? verdict : 'cannot judge' };
}

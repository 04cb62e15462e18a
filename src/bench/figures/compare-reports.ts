import type { Hop } from '../../stream/stream-part.ts';
import { loadOf, planDifferences } from './merge-reports.ts';
import type { Immutable } from '../../stream/metrics-schema.ts';
import type { BenchReport } from './report.ts';
import { isStream, turnTime } from './turn-groups.ts';
import { formatMs, formatShare } from '../../ui/format.ts';
import { TURN_CLASSES } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import {
  type BootstrapOptions,
  type Interval,
  percentileDifferenceInterval,
  type Share,
  shareDifferenceInterval,
} from './bootstrap.ts';
import { percentileOf } from '../../stream/distribution.ts';

export interface CompareOptions {
  /** The least change of a time that counts, as a share of what it was before. */
  readonly minEffect?: number;
  /** Compares runs of different loads as well. */
  readonly force?: boolean;
  readonly seed?: number;
}

export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown' | 'cannot judge';

const MIN_EFFECT = 0.05;
/** The ok share counts from one percentage point on: 5 % of 99.9 % would let every twentieth turn fail. */
const MIN_SHARE_EFFECT = 0.01;
/** Five values lie beyond p95 then. */
const FEWEST_FOR_P95 = 100;
const METRICS = ['ttfb', 'ttft', 'duration', 'maxGap'] as const;

/** Two runs, the second against the first. */
export type Comparison = Immutable<ReturnType<typeof compareReports>>;

/** Two runs, the second against the first, hop by hop and class by class. */
export function compareReports(before: BenchReport, after: BenchReport, options: CompareOptions = {}) {
  const { minEffect = MIN_EFFECT, seed = 1, force = false } = options;
  const isOtherLoad = !force && loadOf(before.run) !== loadOf(after.run);
  const obstacles = [
    ...invalidNotes('the first run', before),
    ...invalidNotes('the second run', after),
    ...(isOtherLoad ? ['the runs have different loads; --force compares them'] : []),
  ];
  const noiseMs = Math.max(noiseOf(before), noiseOf(after));
  const rules: CompareRules = {
    dismiss(before, size) {
      if (size < minEffect * before) return `less than ${formatShare(minEffect)} of before`;
      return size < 2 * noiseMs ? `within twice the noise floor of ${formatMs(noiseMs)}` : undefined;
    },
    seed,
  };
  const hops = before.run.plan.hops.filter((hop) => after.run.plan.hops.includes(hop));
  const rows = hops
    .flatMap((hop) => rowsOf(measuredOf(before, hop), measuredOf(after, hop), hop, rules))
    .map((row): ComparisonRow => (obstacles.length > 0 ? { ...row, verdict: 'cannot judge' } : row));
  return {
    confidence: ROW_CONFIDENCE,
    verdict: verdictOf(rows),
    /** Why it cannot be judged, and what differs between the two plans; sentences. */
    notes: [...obstacles, ...planDifferences(before.run, after.run)],
    rows,
  };
}

/** One worse row decides, whatever the others say: `cannot judge` if a run was not valid or no row could be judged. */
function verdictOf(rows: readonly ComparisonRow[]): ComparisonVerdict {
  const verdicts = rows.map(({ verdict }) => verdict);
  if (verdicts.includes('worse')) return 'worse';
  if (verdicts.every((verdict) => verdict === 'cannot judge')) return 'cannot judge';
  return verdicts.includes('better') ? 'better' : 'no difference shown';
}

function invalidNotes(name: string, { summary: { validity } }: BenchReport): string[] {
  return validity.valid ? [] : validity.reasons.map((reason) => `${name} is not valid: ${reason}`);
}

function noiseOf({ run }: BenchReport): number {
  return run.noiseFloor?.stampErrorP99Ms ?? 0;
}

function measuredOf({ turns }: BenchReport, hop: Hop): TurnRecord[] {
  return turns.filter((turn) => turn.phase === 'measured' && turn.hop === hop);
}

function rowsOf(before: readonly TurnRecord[], after: readonly TurnRecord[], hop: Hop, rules: CompareRules): ComparisonRow[] {
  const times = TURN_CLASSES.flatMap((name) =>
    METRICS.flatMap((metric) => {
      const [a, b] = [sampleOf(before, name, metric), sampleOf(after, name, metric)];
      if (a.length === 0 && b.length === 0) return [];
      const isLarge = metric !== 'maxGap' && Math.min(a.length, b.length) >= FEWEST_FOR_P95;
      return (isLarge ? [50, 95] : [50]).map((percent) => ({
        hop,
        class: name,
        metric: `${metric} p${percent}`,
        ...comparePercentiles(a, b, percent, rules),
      }));
    }),
  );
  const shares = compareShares(okOf(before), okOf(after), {
    ...rules,
    dismiss: (_before, size) => (size < MIN_SHARE_EFFECT ? 'less than one percentage point' : undefined),
  });
  return before.length + after.length === 0 ? [] : [...times, { hop, metric: 'ok', ...shares }];
}

/** Ascending. */
function sampleOf(turns: readonly TurnRecord[], name: TurnRecord['class'], metric: (typeof METRICS)[number]): Float64Array {
  const values = turns
    .filter((turn) => turn.class === name)
    .map((turn) => {
      if (metric !== 'maxGap') return turn.outcome === 'ok' ? turnTime(turn, metric) : undefined;
      return isStream(turn) ? turn.metrics.maxGapMs : undefined;
    })
    .filter((value) => value !== undefined);
  return Float64Array.from(values).sort();
}

function okOf(turns: readonly TurnRecord[]): { count: number; n: number } {
  return { count: turns.filter(({ outcome }) => outcome === 'ok').length, n: turns.length };
}

/** `class` is absent for what is taken over all turns of the hop. `metric`: `ttfb p50`, `ttft p95`, `maxGap p50`, `ok`, ... */
export type ComparisonRow = Pick<TurnRecord, 'hop'> &
  Partial<Pick<TurnRecord, 'class'>> & { readonly metric: string } & ReturnType<typeof figuresOf>;

interface CompareRules {
  /** Why a change of this size does not count; undefined where it does. Both in the unit of what is compared. */
  readonly dismiss: (before: number, size: number) => string | undefined;
  readonly seed: number;
}

/** Confidence level per row, in percent. 99, because a comparison has about a dozen rows. */
const ROW_CONFIDENCE = 99;
const FEWEST = 20;

/** A percentile of two samples. @param before ascending, ms; so is `after` */
export function comparePercentiles(before: Float64Array, after: Float64Array, percent: number, rules: CompareRules) {
  const sampleOf = (sorted: Float64Array): Sample => ({ n: sorted.length, value: percentileOf(sorted, percent) });
  const interval: Drawing = (options) => percentileDifferenceInterval(before, after, percent, options);
  return figuresOf('ms', sampleOf(before), sampleOf(after), interval, rules);
}

function compareShares(before: Share, after: Share, rules: CompareRules) {
  const sampleOf = ({ count, n }: Share): Sample => ({ n, value: n === 0 ? undefined : count / n });
  return figuresOf(
    'share',
    sampleOf(before),
    sampleOf(after),
    (options) => shareDifferenceInterval(before, after, options),
    rules,
  );
}

type Sample = { readonly n: number; readonly value: number | undefined };

type Drawing = (options: BootstrapOptions) => Interval;

/** `difference`: after minus before, in `unit`, with its bootstrap interval. */
function figuresOf(unit: 'ms' | 'share', before: Sample, after: Sample, interval: Drawing, { dismiss, seed }: CompareRules) {
  const [was, is] = [before.value, after.value];
  const change =
    was === undefined || is === undefined ? undefined : { difference: is - was, ...interval({ level: ROW_CONFIDENCE, seed }) };
  /** `reason`: the rule by which nothing is judged, or by which a change does not count although its interval leaves out zero. */
  const judge = (): { readonly verdict: ComparisonVerdict; readonly reason?: string } => {
    if (!change) return { verdict: 'cannot judge' };
    const { difference, low, high } = change;
    if (Math.min(before.n, after.n) < FEWEST) return { verdict: 'cannot judge', reason: `fewer than ${FEWEST} turns` };
    if (low <= 0 && high >= 0) return { verdict: 'no difference shown' };
    const reason = dismiss(was ?? 0, Math.abs(difference));
    if (reason !== undefined) return { verdict: 'no difference shown', reason };
    // A longer time is worse, and so is a smaller share.
    return { verdict: difference > 0 === (unit === 'ms') ? 'worse' : 'better' };
  };
  return {
    unit,
    nBefore: before.n,
    nAfter: after.n,
    ...(was !== undefined && { before: was }),
    ...(is !== undefined && { after: is }),
    ...change,
    ...judge(),
  };
}

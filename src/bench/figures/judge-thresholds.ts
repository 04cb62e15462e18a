import { groupFigures, groupTurns, isFailure, isStream } from './turn-groups.ts';
import { parseThreshold, type Threshold, UNIT_SIZE } from './threshold.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { HopFacts } from './report-schema.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { mostOf } from '../../stream/distribution.ts';
import type { Cost } from './cost.ts';

/** The data that thresholds are judged on. */
interface Measured {
  /** Measured turns. */
  readonly turns: readonly TurnRecord[];
  readonly hops: readonly HopFacts[];
  readonly cost: Cost;
  readonly isProbe: boolean;
}

/** One figure that has to hold: a time in ms, a share in percent. Without a value it cannot be judged. */
interface Figure {
  readonly value: number | undefined;
  readonly n: number;
  /** Hop and class, as far as these are apart from others. */
  readonly of: readonly string[];
}

/** A threshold fails when one of its figures does not hold. @throws {UsageError} INVALID_THRESHOLD */
export function judgeThresholds(texts: readonly string[], measured: Measured) {
  return texts.map((text) => {
    const threshold = parseThreshold(text);
    const isMissed = ({ value }: Figure): boolean => value !== undefined && !holds(threshold, value);
    // Figures that failed come first.
    const figures = figuresOf(threshold, measured).sort((a, b) => Number(isMissed(b)) - Number(isMissed(a)));
    return {
      threshold: text,
      result: resultOf(threshold, figures),
      /** For people: `ttfb p95 812 ms (api, warm, n 240)`. */
      measured: figures.map((figure) => say(threshold, figure)).join('; ') || 'no turn to judge',
    };
  });
}

function figuresOf(threshold: Threshold, measured: Measured): Figure[] {
  const { subject } = threshold;
  const { turns, cost } = measured;
  const hops = measured.hops.map(({ hop }) => hop);
  switch (subject.kind) {
    case 'time':
    case 'rate': {
      const { metric, aggregate } = subject;
      const isGap = metric === 'gap' || metric === 'maxGap' || metric === 'contentGap';
      const isPooled = isGap && threshold.classes.length === 0;
      const groups = (isPooled ? turnsByHop : turnsByClass)(threshold, turns, hops);
      return groups.map((group) => {
        const { n, [aggregate]: value } = groupFigures(group.turns)[metric];
        return { value, n, of: group.of };
      });
    }
    case 'share':
      return subject.metric === 'headroom'
        ? turnsByHop(threshold, turns, hops).flatMap((group) => headroomOf(group, measured))
        : [shareOf(subject.metric, turnsTogether(threshold, turns), measured.isProbe)];
    case 'amount': {
      const { perGoodStream, perThousandTurns } = cost;
      const value = subject.metric === 'cost.perGoodStream' ? perGoodStream : perThousandTurns;
      return [{ value, n: turns.length, of: [] }];
    }
  }
}

function shareOf(metric: 'ok' | 'failed' | 'unfinished' | 'streaming', { turns, of }: ThresholdTurns, isProbe: boolean): Figure {
  const counted = turns.filter(({ outcome, verdict }) => {
    if (metric === 'failed') return isFailure(outcome);
    return metric === 'streaming' ? verdict?.name === 'streaming' : outcome === metric;
  });
  const n = metric === 'streaming' && !isProbe ? 0 : turns.length;
  return { value: n === 0 ? undefined : (100 * counted.length) / n, n, of };
}

/** The unused share of the idle limit, percent; nothing for a hop without one. */
function headroomOf({ turns, of }: ThresholdTurns, { hops }: Measured): Figure[] {
  const limit = hops.find(({ hop }) => of.includes(hop))?.idleLimitMs;
  if (limit === undefined) return [];
  const streams = turns.filter(isStream);
  const longest = mostOf(streams, ({ metrics }) => metrics.maxGapMs);
  const n = streams.length;
  return [{ value: n === 0 ? undefined : 100 * Math.max(0, 1 - longest / limit), n, of }];
}

/** `cannot-judge`: no turn, or too few for this percentile. */
function resultOf(threshold: Threshold, figures: readonly Figure[]): 'pass' | 'fail' | 'cannot-judge' {
  const known = figures.flatMap(({ value }) => value ?? []);
  if (known.some((value) => !holds(threshold, value))) return 'fail';
  return figures.length > 0 && known.length === figures.length ? 'pass' : 'cannot-judge';
}

function holds({ operator, bound, unit }: Threshold, value: number): boolean {
  const limit = bound * UNIT_SIZE[unit];
  return value === limit ? operator.endsWith('=') : value < limit === operator.startsWith('<');
}

/** `ttfb p95 812 ms (api, warm, n 240)`. */
function say({ subject }: Threshold, { value, n, of }: Figure): string {
  const name = 'aggregate' in subject ? `${subject.metric} ${subject.aggregate}` : subject.metric;
  return `${name} ${sayValue(subject.kind, value)} (${[...of, `n ${n}`].join(', ')})`;
}

function sayValue(kind: Threshold['subject']['kind'], value: number | undefined): string {
  if (value === undefined) return 'not known';
  const short = (amount: number): number => Number(amount.toPrecision(4));
  if (kind === 'time') return value < 1_000 ? `${short(value)} ms` : `${short(value / 1_000)} s`;
  return `${short(value)}${{ share: ' %', amount: ' USD', rate: '' }[kind]}`;
}

/** Turns that a threshold is judged on, taken together. */
interface ThresholdTurns extends Pick<Figure, 'of'> {
  readonly turns: readonly TurnRecord[];
}

/** All turns that the threshold names, as one group. */
function turnsTogether({ hops, classes }: Threshold, turns: readonly TurnRecord[]): ThresholdTurns {
  const found = turns.filter(
    (turn) => (hops.length === 0 || hops.includes(turn.hop)) && (classes.length === 0 || classes.includes(turn.class)),
  );
  return { of: [...hops, ...classes], turns: found };
}

/** Each hop on its own. A named hop is included even without turns. */
function turnsByHop(threshold: Threshold, turns: readonly TurnRecord[], hops: readonly Hop[]): ThresholdTurns[] {
  const named = threshold.hops.length > 0;
  return (named ? threshold.hops : hops)
    .map((hop) => turnsTogether({ ...threshold, hops: [hop] }, turns))
    .filter((found) => named || found.turns.length > 0);
}

/** Without a named class: the warm turns, or every class of a hop without. A named one is included even without turns. */
function turnsByClass(threshold: Threshold, turns: readonly TurnRecord[], hops: readonly Hop[]): ThresholdTurns[] {
  const { classes } = threshold;
  const groups = groupTurns(turnsTogether(threshold, turns).turns, hops);
  const isTaken = (group: (typeof groups)[number]): boolean =>
    classes.length > 0 || group.class === 'warm' || !groups.some((other) => other.hop === group.hop && other.class === 'warm');
  const missing = [
    ...threshold.hops.filter((hop) => !groups.some((group) => group.hop === hop)),
    ...classes.filter((name) => !groups.some((group) => group.class === name)),
  ];
  return [
    ...groups.filter(isTaken).map((group) => ({ of: [group.hop, group.class], turns: group.turns })),
    ...missing.map((name) => ({ of: [name], turns: [] })),
  ];
}

import { parseThreshold, type Threshold, UNIT_SIZE } from '../figures/threshold.ts';
import { isFailure, isStream } from '../figures/turn-groups.ts';
import { TURN_CLASSES } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';

export interface ArtilleryMetric {
  readonly kind: 'counter' | 'histogram';
  /** No name begins with another: `ensure` looks for names by parts of text. */
  readonly name: string;
  readonly value: number;
}

/**
 * The metrics of a turn, times in ms; a warm-up turn is only counted. As in a report, times come from ok turns, separately for each class,
 * and gaps from every stream. Counters that conditions divide by exist from the first turn on.
 */
export function turnMetrics(record: TurnRecord): ArtilleryMetric[] {
  const { phase, outcome, metrics } = record;
  if (phase === 'warmup') return [counter('warmup', 1)];
  const isOk = outcome === 'ok';
  return [
    counter('turns', 1),
    counter('outcome.ok', isOk ? 1 : 0),
    counter('outcome.unfinished', outcome === 'unfinished' ? 1 : 0),
    ...(isOk || outcome === 'unfinished' ? [] : [counter(`outcome.${outcome}`, 1)]),
    counter('failed', isFailure(outcome) ? 1 : 0),
    ...TURN_CLASSES.map((name) => counter(`good.${name}`, isOk && name === record.class ? 1 : 0)),
    counter('events', metrics.events),
    counter('heartbeats', metrics.heartbeats),
    counter('bytes', metrics.bytes),
    ...(isOk ? timesOf(record) : []),
    ...(isStream(record) ? gapsOf(record) : []),
  ];
}

function timesOf({ metrics, class: name }: TurnRecord): ArtilleryMetric[] {
  const times = ['ttfb', 'ttfe', 'ttft', 'duration'] as const;
  return times.flatMap((time) => histogram(`${time}.${name}`, metrics[`${time}Ms`]));
}

/** A stream that came in one read has no gap, but it has a longest silence. */
function gapsOf({ metrics }: TurnRecord): ArtilleryMetric[] {
  const { reads, maxGapMs, gaps, contentGaps, maxContentGapMs } = metrics;
  return [
    ...histogram('max_gap', maxGapMs),
    ...histogram('read_gap', reads > 1 ? gaps.histogram.maxMs : undefined),
    ...histogram('content_gap', contentGaps.count > 0 ? maxContentGapMs : undefined),
  ];
}

function counter(name: string, value: number): ArtilleryMetric {
  return { kind: 'counter', name: `agentstream.${name}`, value };
}

function histogram(name: string, value: number | undefined): ArtilleryMetric[] {
  return value === undefined ? [] : [{ kind: 'histogram', name: `agentstream.${name}`, value }];
}

/**
 * Thresholds as conditions of Artillery's `ensure` on the metrics that `turnMetrics` gives, and those that it has no metric for.
 * @throws {UsageError} INVALID_THRESHOLD
 */
export function ensureConditions(thresholds: readonly string[]): { conditions: string[]; leftOut: string[] } {
  const all = thresholds.map((text) => ({ text, condition: conditionOf(parseThreshold(text)) }));
  return {
    conditions: all.flatMap(({ condition }) => condition ?? []),
    leftOut: all.flatMap(({ text, condition }) => (condition === undefined ? text : [])),
  };
}

function conditionOf(threshold: Threshold): string | undefined {
  const { subject, hops, classes, operator, bound, unit } = threshold;
  if (hops.some((hop) => hop !== 'api')) return undefined;
  if (subject.kind === 'time') {
    const { metric, aggregate } = subject;
    const limit = `${operator} ${bound * UNIT_SIZE[unit]}`;
    const pooled = POOLED[metric];
    if (pooled !== undefined) {
      const isThere = classes.length === 0 && (metric === 'maxGap' || aggregate === 'max');
      return isThere ? `${pooled}.${aggregate} ${limit}` : undefined;
    }
    if (metric === 'headers') return undefined;
    const of = (name: string): string => `agentstream.${metric}.${name}.${aggregate} ${limit}`;
    if (classes.length > 0) return classes.map(of).join(' and ');
    // The classes of the run are not known yet, and a class without an ok turn has no times.
    const judged = (name: string): string => `(agentstream.good.${name} == 0 or ${of(name)})`;
    return TURN_CLASSES.map(judged).join(' and ');
  }
  if (subject.kind !== 'share' || classes.length > 0) return undefined;
  const counter = SHARES[subject.metric];
  return counter && `${counter} / agentstream.turns * 100 ${operator} ${bound}`;
}

/** Metrics over all classes. Artillery gets the longest gap of each stream, not every gap. */
const POOLED: Readonly<Record<string, string>> = {
  gap: 'agentstream.read_gap',
  maxGap: 'agentstream.max_gap',
  contentGap: 'agentstream.content_gap',
};

const SHARES: Readonly<Record<string, string>> = {
  ok: 'agentstream.outcome.ok',
  failed: 'agentstream.failed',
  unfinished: 'agentstream.outcome.unfinished',
};

import { isFailure, isStream } from '../run/turn-outcome.ts';
import { TURN_CLASSES } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** One thing that Artillery is told. */
export interface ArtilleryMetric {
  readonly kind: 'counter' | 'histogram';
  /** No name begins with another: `ensure` looks for names by parts of text. */
  readonly name: string;
  readonly value: number;
}

/**
 * What Artillery is told of a turn, times in ms; of the warm-up only that it was. As in a report, times are those of turns that were ok,
 * each class by itself, and gaps those of every stream. Counters that conditions divide by are there from the first turn on.
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
  const { ttfbMs, ttfeMs, ttftMs, durationMs } = metrics;
  return [
    ...histogram(`ttfb.${name}`, ttfbMs),
    ...histogram(`ttfe.${name}`, ttfeMs),
    ...histogram(`ttft.${name}`, ttftMs),
    ...histogram(`duration.${name}`, durationMs),
  ];
}

/** A stream that came in one read has no gap. */
function gapsOf({ metrics }: TurnRecord): ArtilleryMetric[] {
  const { reads, maxGapMs, contentGaps, maxContentGapMs } = metrics;
  return [
    ...histogram('max_gap', reads > 1 ? maxGapMs : undefined),
    ...histogram('content_gap', contentGaps.count > 0 ? maxContentGapMs : undefined),
  ];
}

function counter(name: string, value: number): ArtilleryMetric {
  return { kind: 'counter', name: `agentstream.${name}`, value };
}

function histogram(name: string, value: number | undefined): ArtilleryMetric[] {
  return value === undefined ? [] : [{ kind: 'histogram', name: `agentstream.${name}`, value }];
}

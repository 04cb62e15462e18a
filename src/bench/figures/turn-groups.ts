import type { GroupSummary } from './summary.ts';
import { TURN_CLASSES, type TurnClass } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { distributionOf, distributionOfGaps } from '../../stream/distribution.ts';
import { mergeGapHistograms } from '../../stream/gap-histogram.ts';
import type { StreamMetrics } from '../../stream/measure.ts';
import type { Hop } from '../../stream/stream-part.ts';

/** Times of a turn that are counted from when it was sent; in open load from when the plan wanted it sent. */
export const TURN_TIMES = ['headers', 'ttfb', 'ttfe', 'ttft', 'duration'] as const;
export type TurnTime = (typeof TURN_TIMES)[number];

/** A time of one turn, ms; undefined when the stream did not come so far. */
export function turnTime(turn: TurnRecord, time: TurnTime): number | undefined {
  const sinceSent = turn.metrics[`${time}Ms`];
  if (sinceSent === undefined || turn.plannedMs === undefined) return sinceSent;
  return sinceSent + (turn.sentMs - turn.plannedMs);
}

/** The longest gap of a stream, ms. One that came in one read has none: a 0 of it would say that it streamed well. */
export function turnMaxGap({ metrics }: TurnRecord): number | undefined {
  return metrics.reads > 1 ? metrics.maxGapMs : undefined;
}

/** Whether a stream had begun, however it ended: the body of a refusal is none. */
export function isStream({ metrics, outcome }: TurnRecord): boolean {
  return metrics.reads > 0 && outcome !== 'http-error' && outcome !== 'gateway-error';
}

/** Whether a turn failed: we had not given it up, and it did not end well. */
export function isFailure(outcome: TurnRecord['outcome']): boolean {
  return outcome !== 'ok' && outcome !== 'unfinished' && outcome !== 'cancelled';
}

export interface TurnGroup {
  readonly hop: Hop;
  readonly class: TurnClass;
  readonly turns: readonly TurnRecord[];
}

/** Turns by hop, in the order given, and by class, in theirs; only groups with turns. */
export function groupTurns(turns: readonly TurnRecord[], hops: readonly Hop[]): TurnGroup[] {
  return hops.flatMap((hop) =>
    TURN_CLASSES.map((name) => ({
      hop,
      class: name,
      turns: turns.filter((turn) => turn.hop === hop && turn.class === name),
    })).filter((group) => group.turns.length > 0),
  );
}

export type GroupFigures = Omit<GroupSummary, 'hop' | 'class'>;

/** The figures of these turns taken together. Times and rates are those of the ok ones, gaps those of every stream. */
export function groupFigures(turns: readonly TurnRecord[]): GroupFigures {
  const ok = turns.filter(({ outcome }) => outcome === 'ok');
  const streams = turns.filter(isStream);
  const gapHistogram = mergeGapHistograms(streams.map(({ metrics }) => metrics.gaps.histogram));
  const time = (name: TurnTime) => of(ok, (turn) => turnTime(turn, name));
  return {
    turns: turns.length,
    ok: ok.length,
    headers: time('headers'),
    ttfb: time('ttfb'),
    ttfe: time('ttfe'),
    ttft: time('ttft'),
    duration: time('duration'),
    gap: distributionOfGaps(gapHistogram),
    contentGap: distributionOfGaps(mergeGapHistograms(streams.map(({ metrics }) => metrics.contentGaps))),
    maxGap: of(streams, turnMaxGap),
    gapHistogram,
    eventsPerSecond: of(ok, ({ metrics }) => perSecond(metrics.events - 1, metrics)),
    bytesPerSecond: of(ok, ({ metrics }) => perSecond(metrics.bytes, metrics)),
    init: of(ok, ({ initMs }) => initMs),
    agent: of(ok, ({ agentMs }) => agentMs),
  };
}

function of(turns: readonly TurnRecord[], read: (turn: TurnRecord) => number | undefined) {
  return distributionOf(turns.map(read).filter((value) => value !== undefined));
}

/** @param count how many came after the first byte; the first event is there with it */
function perSecond(count: number, { durationMs, ttfbMs }: StreamMetrics): number | undefined {
  const streamingMs = durationMs - (ttfbMs ?? durationMs);
  return streamingMs > 0 && count > 0 ? (count / streamingMs) * 1_000 : undefined;
}

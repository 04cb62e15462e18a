import { hasArrived, TURN_CLASSES } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { GapRecorder, distributionOf, distributionOfGaps, mergeGapHistograms } from '../../stream/distribution.ts';
import type { GapHistogram, StreamMetrics } from '../../stream/metrics-schema.ts';
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

/** Whether a turn waited for a stream, even in vain. The body of a refusal is not one; a 504 ends a wait for one. */
export function isStream(turn: TurnRecord): boolean {
  const isRefusal = turn.outcome === 'http-error' || turn.outcome === 'gateway-error';
  return hasArrived(turn) && (!isRefusal || turn.status === 504);
}

/** Whether a turn failed: we had not given it up, and it did not end well. */
export function isFailure(outcome: TurnRecord['outcome']): boolean {
  return outcome !== 'ok' && outcome !== 'unfinished' && outcome !== 'cancelled';
}

/** Turns by hop, in the order given, and by class, in theirs; only groups with turns. */
export function groupTurns(turns: readonly TurnRecord[], hops: readonly Hop[]) {
  return hops.flatMap((hop) =>
    TURN_CLASSES.map((name) => ({
      hop,
      class: name,
      turns: turns.filter((turn) => turn.hop === hop && turn.class === name),
    })).filter((group) => group.turns.length > 0),
  );
}

/**
 * The figures of these turns taken together, times in ms. Times and rates are those of the ok ones, silences those of every stream,
 * however it ended. Open load counts times from the plan.
 */
export function groupFigures(turns: readonly TurnRecord[]) {
  const ok = turns.filter(({ outcome }) => outcome === 'ok');
  const streams = turns.filter(isStream);
  const gaps = mergeGapHistograms(streams.map(({ metrics }) => metrics.gaps.histogram));
  const time = (name: TurnTime) => of(ok, (turn) => turnTime(turn, name));
  return {
    turns: turns.length,
    ok: ok.length,
    headers: time('headers'),
    ttfb: time('ttfb'),
    ttfe: time('ttfe'),
    ttft: time('ttft'),
    duration: time('duration'),
    /** Between two reads. */
    gap: distributionOfGaps(gaps),
    contentGap: distributionOfGaps(mergeGapHistograms(streams.map(({ metrics }) => metrics.contentGaps))),
    /** The longest silence of each stream. */
    maxGap: of(streams, ({ metrics }) => metrics.maxGapMs),
    /** Gaps, waits for the first byte and times from the last byte to the end. */
    gapHistogram: mergeGapHistograms([gaps, silencesAtTheEnds(streams)]),
    /** Within a stream, from its first byte to its last. */
    eventsPerSecond: of(ok, ({ metrics }) => perSecond(metrics.events - 1, metrics)),
    bytesPerSecond: of(ok, ({ metrics }) => perSecond(metrics.bytes, metrics)),
    /** `init`, `agent`: Server-Timing. */
    init: of(ok, ({ initMs }) => initMs),
    agent: of(ok, ({ agentMs }) => agentMs),
  };
}

function of(turns: readonly TurnRecord[], read: (turn: TurnRecord) => number | undefined) {
  return distributionOf(turns.map(read).filter((value) => value !== undefined));
}

/** The waits for the first byte, and the times from the last one to the end. */
function silencesAtTheEnds(streams: readonly TurnRecord[]): GapHistogram {
  const recorder = new GapRecorder();
  for (const { metrics } of streams) {
    const { ttfbMs, lastByteMs = 0, durationMs } = metrics;
    if (ttfbMs !== undefined) recorder.record(ttfbMs);
    recorder.record(durationMs - lastByteMs);
  }
  return recorder.snapshot();
}

/** @param count how many came after the first byte; the first event is there with it */
function perSecond(count: number, { lastByteMs = 0, ttfbMs = 0 }: StreamMetrics): number | undefined {
  const streamingMs = lastByteMs - ttfbMs;
  return streamingMs > 0 && count > 0 ? (count / streamingMs) * 1_000 : undefined;
}

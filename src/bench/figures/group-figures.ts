import { mergeGapHistograms } from '../../stream/gap-histogram.ts';
import type { StreamMetrics } from '../../stream/measure.ts';
import { distributionOf, distributionOfGaps } from '../../stream/distribution.ts';
import type { GroupSummary } from './summary.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { isStream } from '../run/turn-outcome.ts';
import { turnMaxGap, turnTime, type TurnTime } from '../run/turn-times.ts';

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
    contentGap: distributionOfGaps(
      mergeGapHistograms(streams.map(({ metrics }) => metrics.contentGaps)),
    ),
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

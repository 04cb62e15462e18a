import type { TurnRecord } from './turn-record.ts';

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

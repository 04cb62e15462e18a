import type { TurnRecord } from '../run/turn-record.ts';

/** A time of a turn as reports count it, ms: from `sent`; in open load from when the plan wanted it sent. */
export function sinceDue(
  { plannedMs, sentMs }: TurnRecord,
  sinceSentMs: number | undefined,
): number | undefined {
  if (sinceSentMs === undefined || plannedMs === undefined) return sinceSentMs;
  return sinceSentMs + (sentMs - plannedMs);
}

import type { Silence } from './summary.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { isStream } from '../run/turn-outcome.ts';

/** The longest gaps between two reads of these turns, the longest first; of equal ones that of the earlier turn. */
export function longestSilences(turns: readonly TurnRecord[], count: number): Silence[] {
  return turns
    .filter(isStream)
    .flatMap(({ hop, index, sentMs, metrics }) =>
      metrics.gaps.top.map((gap) => ({ sentMs, silence: { hop, turn: index, ...gap } })),
    )
    .sort(
      (a, b) =>
        b.silence.ms - a.silence.ms ||
        a.sentMs - b.sentMs ||
        a.silence.turn - b.silence.turn ||
        a.silence.atMs - b.silence.atMs,
    )
    .slice(0, count)
    .map(({ silence }) => silence);
}

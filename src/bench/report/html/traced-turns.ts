import type { BenchReport } from '../../figures/report.ts';
import type { StreamTrace, TurnRecord } from '../../run/turn-record.ts';

export type TracedTurn = TurnRecord & { readonly trace: StreamTrace };

/** Streams of one hop that are shown. */
const OF_A_HOP = 4;

/** Streams whose reads were written down, a few of each hop: the longest silences, the longest ones, the first ones. */
export function tracedTurns({ run, turns }: BenchReport): TracedTurn[] {
  const traced = turns.filter(
    (turn): turn is TracedTurn => turn.phase === 'measured' && (turn.trace?.readMs.length ?? 0) > 0,
  );
  return run.plan.hops.flatMap((hop) => {
    const own = traced.filter((turn) => turn.hop === hop);
    const picked = new Set([
      ...own.toSorted((a, b) => b.metrics.maxGapMs - a.metrics.maxGapMs).slice(0, 2),
      ...own.toSorted((a, b) => b.metrics.bytes - a.metrics.bytes).slice(0, 1),
      ...own.toSorted((a, b) => a.sentMs - b.sentMs),
    ]);
    return [...picked].slice(0, OF_A_HOP).sort((a, b) => a.sentMs - b.sentMs);
  });
}

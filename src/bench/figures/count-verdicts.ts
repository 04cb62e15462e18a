import type { Hop } from '../../stream/stream-part.ts';
import { PROBE_VERDICTS } from '../run/turn-kinds.ts';
import type { ProbeVerdict, TurnRecord } from '../run/turn-record.ts';
import type { VerdictCount } from './summary.ts';

/** How the probes of each hop came through: the good verdict first. */
export function countVerdicts(turns: readonly TurnRecord[], hops: readonly Hop[]): VerdictCount[] {
  return hops.flatMap((hop) =>
    PROBE_VERDICTS.flatMap((name) => {
      const found = turns
        .filter((turn) => turn.hop === hop && turn.verdict?.name === name)
        .flatMap(({ verdict }) => (verdict ? [verdict] : []))
        .sort(worstFirst);
      const [worst] = found;
      return worst ? [{ hop, name, count: found.length, worst }] : [];
    }),
  );
}

function worstFirst(a: ProbeVerdict, b: ProbeVerdict): number {
  return (
    b.eventsPerRead - a.eventsPerRead ||
    b.firstLagMs - a.firstLagMs ||
    b.medianLagMs - a.medianLagMs
  );
}

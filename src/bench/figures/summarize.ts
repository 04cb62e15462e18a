import { costOf, usageOf } from './cost.ts';
import { headroomOf, longestSilences } from './headroom.ts';
import { hopDifferences } from './hop-differences.ts';
import { judgeThresholds } from './judge-thresholds.ts';
import { countOutcomes } from './outcomes.ts';
import type { RunFacts, RunRecord } from './report-schema.ts';
import { groupFigures, groupTurns, isFailure } from './turn-groups.ts';
import { validityOf } from './validity.ts';
import { PROBE_VERDICTS } from '../run/turn-kinds.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { mostOf, sumOf } from '../../stream/distribution.ts';

const SILENCES = 5;

/**
 * Only measured turns count, unless stated otherwise. Independent of the order of turns and the number of threads and machines.
 * @throws {UsageError} INVALID_THRESHOLD
 */
export function summarize({ run, clients, turns }: RunRecord) {
  const measured = turns.filter(({ phase }) => phase === 'measured').sort((a, b) => a.sentMs - b.sentMs || a.index - b.index);
  const { hops, plan, prices, thresholds } = run;
  const names = hops.map(({ hop }) => hop);
  const isProbe = plan.probe !== undefined;
  const good = turns.filter(({ outcome }) => outcome === 'ok').length;
  /** All turns that were sent cost, whatever their phase. */
  const cost = costOf(usageOf(turns, hops, isProbe), prices, good);
  return {
    validity: validityOf({ run, clients, turns: measured }),
    counts: {
      sent: measured.length,
      ok: count(measured, (outcome) => outcome === 'ok'),
      /** Ok turns whose answer held no text that is known; probes have none. */
      withoutText: isProbe ? 0 : measured.filter(({ outcome, metrics }) => outcome === 'ok' && metrics.textEvents === 0).length,
      failed: count(measured, isFailure),
      unfinished: count(measured, (outcome) => outcome === 'unfinished'),
      cancelled: count(measured, (outcome) => outcome === 'cancelled'),
      /** Turns of the warm-up, which are in no other figure. */
      warmup: turns.filter(({ phase }) => phase === 'warmup').length,
    },
    /** Hops in the plan's order, classes in theirs; only those with turns. */
    groups: groupTurns(measured, names).map(({ hop, class: name, turns: ofGroup }) => ({
      hop,
      class: name,
      ...groupFigures(ofGroup),
    })),
    outcomes: countOutcomes(measured, hops),
    silences: longestSilences(measured, SILENCES),
    headroom: hops.flatMap(({ hop, ...limits }) => {
      const ofHop = measured.filter((turn) => turn.hop === hop);
      return ofHop.length === 0 ? [] : [headroomOf(hop, ofHop, limits)];
    }),
    throughput: throughputOf(measured, run),
    differences: hopDifferences(measured, plan.seed),
    verdicts: countVerdicts(measured, names),
    cost,
    thresholds: judgeThresholds(thresholds, { turns: measured, hops, cost, isProbe }),
  };
}

function count(turns: readonly TurnRecord[], isOne: (outcome: TurnRecord['outcome']) => boolean): number {
  return turns.filter(({ outcome }) => isOne(outcome)).length;
}

/** In a closed load the time lasts to the end of the last turn: ten turns sent at once still take the time of their answers. */
function throughputOf(turns: readonly TurnRecord[], { plan, sendingMs }: RunFacts) {
  const first = turns.reduce((least, { sentMs }) => Math.min(least, sentMs), Infinity);
  const last = mostOf(turns, ({ sentMs, metrics }) => sentMs + metrics.durationMs);
  const ms = plan.load.model === 'open' ? sendingMs : Math.max(sendingMs, last - first);
  const perSecond = (amount: number): number => (ms > 0 ? (amount / ms) * 1_000 : 0);
  return {
    /** Those that ended well. */
    turnsPerSecond: perSecond(count(turns, (outcome) => outcome === 'ok')),
    eventsPerSecond: perSecond(sumOf(turns, ({ metrics }) => metrics.events)),
    bytesPerSecond: perSecond(sumOf(turns, ({ metrics }) => metrics.bytes)),
  };
}

/** The verdicts on the probes of each hop, the good one first. `worst`: with the most events per read, or the latest first flush. */
function countVerdicts(turns: readonly TurnRecord[], hops: readonly Hop[]) {
  return hops.flatMap((hop) =>
    PROBE_VERDICTS.flatMap((name) => {
      const found = turns
        .filter((turn) => turn.hop === hop && turn.verdict?.name === name)
        .flatMap(({ verdict }) => (verdict ? [verdict] : []))
        .sort((a, b) => b.eventsPerRead - a.eventsPerRead || b.firstLagMs - a.firstLagMs || b.medianLagMs - a.medianLagMs);
      const [worst] = found;
      return worst ? [{ hop, name, count: found.length, worst }] : [];
    }),
  );
}

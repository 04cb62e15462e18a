import { parseThreshold, type Threshold } from './threshold.ts';
import { FEWEST_VALUES, sumOf } from '../../stream/distribution.ts';
import { UsageError } from '../../cli/errors.ts';
import type { BenchPlan } from '../run/plan.ts';
import { areaOf, highestLevel, levelSegments } from '../run/schedule.ts';

type NeedingPlan = Pick<BenchPlan, 'hops' | 'load' | 'warmupMs' | 'session' | 'probe'>;

/**
 * How many turns to each hop all thresholds can be judged on; 0 when any number will do.
 * @throws {UsageError} INVALID_THRESHOLD; INVALID_LOAD for one that no number of turns of this plan can judge
 */
export function turnsForThresholds(texts: readonly string[], plan: NeedingPlan): number {
  const needed = texts.map((text) => {
    const threshold = parseThreshold(text);
    const missing = threshold.hops.find((hop) => !plan.hops.includes(hop));
    if (missing !== undefined) {
      throw new UsageError('INVALID_LOAD', `${text} cannot be judged: the run does not go through ${missing}`, {
        hint: `--hop ${[...plan.hops, missing].join(',')}`,
      });
    }
    if (threshold.subject.metric === 'streaming' && !plan.probe) {
      throw new UsageError('INVALID_LOAD', `${text} cannot be judged: only a probe tells whether it streams`, {
        hint: 'add --probe',
      });
    }
    const fewest = fewestTurns(threshold, plan);
    const planned = plannedTurns(plan);
    if (planned < fewest) {
      throw new UsageError(
        'INVALID_LOAD',
        `${text} cannot be judged: it takes ${fewest} turns to each hop, and the load has ${Math.floor(planned)}`,
        { hint: plan.load.stages.length > 0 ? 'a longer run, or a higher rate' : `--requests ${withSpare(fewest)}` },
      );
    }
    return fewest;
  });
  return withSpare(Math.max(0, ...needed));
}

/** A tenth more: some turns fail, some meet a cold environment. */
function withSpare(fewest: number): number {
  return fewest <= 1 ? fewest : Math.ceil((fewest + fewest / 10) / 5) * 5;
}

/** The fewest measured turns to a hop with which the percentile exists, the first ones of sessions beside them. */
function fewestTurns({ subject, classes }: Threshold, { session, load, warmupMs, probe }: NeedingPlan): number {
  if (!('aggregate' in subject)) return 1;
  const { metric, aggregate } = subject;
  const values = aggregate === 'max' ? 1 : FEWEST_VALUES[aggregate];
  const isOfAll = classes.length === 0 && ['gap', 'contentGap', 'maxGap'].includes(metric);
  // A stream has many gaps.
  if (isOfAll) return metric === 'maxGap' ? values : 1;
  const opensFirst = !probe && warmupMs === 0 && (session.type === 'per-vu' || session.type === 'resume');
  // The first turn of each session is not warm. An open load does not say how many sessions are open at once.
  const atOnce = load.model === 'closed' ? highestLevel(load) : 1;
  return values + (values > 1 && opensFirst ? atOnce : 0);
}

/** Turns that the load sends to each hop, at most; Infinity where answers decide that. */
function plannedTurns({ load, hops }: NeedingPlan): number {
  const byCount = load.turns ?? Infinity;
  if (load.model === 'closed') return byCount;
  return Math.min(byCount, sumOf(levelSegments({ load, warmupMs: 0 }), areaOf) / hops.length);
}

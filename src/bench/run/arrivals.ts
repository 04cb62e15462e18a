import type { Hop } from '../../stream/stream-part.ts';
import { type LevelSegment, levelSegments } from './load-level.ts';
import type { BenchPlan } from './plan.ts';
import { createRandom, shuffled } from './seeded-random.ts';

/** One conversation that an open load begins at a time of its own. */
export interface Arrival {
  /** ms since the start of the run. */
  readonly plannedMs: number;
  readonly hop: Hop;
  /** Number of the round: each hop comes once in it. */
  readonly pair: number;
  /** How many turns of the conversation are sent: its last may be one too many for the plan. */
  readonly turns: number;
}

/**
 * The whole schedule of an open load, computed as it is asked for: the same in every thread, since it comes from the plan and its
 * seed alone. The n-th arrival is where the integral of the level reaches n, or n unit exponentials for a Poisson process. Without
 * an end of time it ends with the plan's turns.
 */
export function* planArrivals(plan: BenchPlan): Generator<Arrival, void> {
  const { hops, load, warmupMs, conversations, probe } = plan;
  const whenReached = createInverse(levelSegments(plan));
  const timing = createRandom(plan.seed);
  const order = createRandom(plan.seed ^ ORDER);
  const left = new Map<Hop, number>(hops.map((hop) => [hop, load.turns ?? Infinity]));
  let reached = 0;
  for (let round = 0; ; round += 1) {
    const prompts = probe ? 1 : (conversations[round % conversations.length]?.length ?? 1);
    for (const hop of shuffled(hops, order)) {
      if (load.arrival === 'poisson') reached -= Math.log(1 - timing());
      const plannedMs = whenReached(reached);
      if (plannedMs === undefined) return;
      if (load.arrival === 'constant') reached += 1;
      const isMeasured = plannedMs >= warmupMs;
      const turns = isMeasured ? Math.min(prompts, left.get(hop) ?? 0) : prompts;
      if (isMeasured) left.set(hop, (left.get(hop) ?? 0) - turns);
      if (turns > 0) yield { plannedMs, hop, pair: round, turns };
    }
    if ([...left.values()].every((count) => count === 0)) return;
  }
}

/** Makes the order of the hops another sequence than the times, from the one seed. */
const ORDER = 0x5bd1e995;

/**
 * When the integral of the level (turns, from levels in turns per second) reaches a value; undefined when it never does.
 * @returns a function to be asked with ascending values
 */
function createInverse(
  segments: readonly LevelSegment[],
): (integral: number) => number | undefined {
  let index = 0;
  let before = 0;
  return (integral) => {
    for (; ; index += 1) {
      const segment = segments[index];
      if (!segment) return undefined;
      const area = areaOf(segment);
      if (integral < before + area) return segment.startMs + offsetOf(segment, integral - before);
      before += area;
    }
  };
}

function areaOf({ startMs, endMs, from, to }: LevelSegment): number {
  const mean = (from + to) / 2;
  return mean === 0 ? 0 : (mean * (endMs - startMs)) / 1_000;
}

/** Solves `from * x + slope * x^2 / 2 = area` in the form that loses no digits for small slopes. */
function offsetOf({ startMs, endMs, from, to }: LevelSegment, area: number): number {
  if (area <= 0) return 0;
  const slope = from === to ? 0 : ((to - from) / (endMs - startMs)) * 1_000;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
  return ((2 * area) / (from + root)) * 1_000;
}

import type { BenchPlan } from './plan.ts';
import type { Hop } from '../../stream/stream-part.ts';

/** A part of a run in which the level goes in a straight line. */
export interface LevelSegment {
  readonly startMs: number;
  /** Infinity: until the turns are sent. */
  readonly endMs: number;
  readonly from: number;
  readonly to: number;
}

/** Warm-up at the first level that is not 0, then the stages, or the start level without end where there are none. */
export function levelSegments({ load: { startLevel, stages }, warmupMs }: Pick<BenchPlan, 'load' | 'warmupMs'>): LevelSegment[] {
  const first = startLevel > 0 ? startLevel : (stages[0]?.level ?? 0);
  const segments: LevelSegment[] = [];
  if (warmupMs > 0) segments.push({ startMs: 0, endMs: warmupMs, from: first, to: first });
  let startMs = warmupMs;
  let from = startLevel;
  for (const { durationMs, level } of stages) {
    segments.push({ startMs, endMs: startMs + durationMs, from, to: level });
    startMs += durationMs;
    from = level;
  }
  if (stages.length === 0) segments.push({ startMs, endMs: Infinity, from, to: from });
  return segments;
}

export function highestLevel({ startLevel, stages }: BenchPlan['load']): number {
  return Math.max(startLevel, ...stages.map(({ level }) => level));
}

/** When turns are no longer sent, ms; Infinity when only their number ends the run. */
export function sendingEndMs(segments: readonly LevelSegment[]): number {
  return segments.at(-1)?.endMs ?? 0;
}

/** The level at a moment; 0 before the start and after the end. */
export function levelAt(segments: readonly LevelSegment[], ms: number): number {
  const segment = segments.find(({ startMs, endMs }) => ms >= startMs && ms < endMs);
  if (!segment) return 0;
  const { startMs, endMs, from, to } = segment;
  return from === to ? from : from + ((to - from) * (ms - startMs)) / (endMs - startMs);
}

/** When the number of virtual users of a closed load changes, ms since the start of the run: whenever the rounded level does. */
export function vuSteps(plan: Pick<BenchPlan, 'load' | 'warmupMs'>) {
  const steps: { readonly atMs: number; readonly vus: number }[] = [];
  const add = (atMs: number, vus: number): void => {
    if (steps.at(-1)?.vus !== vus) steps.push({ atMs, vus });
  };
  for (const { startMs, endMs, from, to } of levelSegments(plan)) {
    const [first, last] = [Math.round(from), Math.round(to)];
    const crossing = (level: number): number => startMs + ((level - from) / (to - from)) * (endMs - startMs);
    // A segment without length is a jump.
    if (startMs === endMs) continue;
    add(startMs, first);
    for (let vus = first + 1; vus <= last; vus += 1) add(crossing(vus - 0.5), vus);
    for (let vus = first - 1; vus >= last; vus -= 1) add(crossing(vus + 0.5), vus);
  }
  return steps;
}

/** When a virtual user (from 0) of a closed load is to send again, ms; Infinity: never. @param steps in the order of time */
export function nextWantedMs(steps: ReturnType<typeof vuSteps>, user: number, nowMs: number): number {
  const current = steps.findLast(({ atMs }) => atMs <= nowMs);
  if (current && user < current.vus) return nowMs;
  return steps.find(({ atMs, vus }) => atMs > nowMs && user < vus)?.atMs ?? Infinity;
}

/**
 * The conversations that an open load begins, each at a time of its own (`plannedMs`, since the start of the run), in rounds in which each
 * hop comes once (`pair`), and with how many of its turns: its last may be one too many for the plan. The whole schedule of an open load, computed as it is asked for: the same in every thread, since it comes from the plan and its
 * seed alone. The n-th arrival is where the integral of the level reaches n, or n unit exponentials for a Poisson process. Without
 * an end of time it ends with the plan's turns.
 */
export function* planArrivals(plan: BenchPlan) {
  const { hops, load, warmupMs } = plan;
  const whenReached = createInverse(levelSegments(plan));
  const timing = createRandom(plan.seed);
  const order = createRandom(plan.seed ^ ORDER);
  const left = new Map<Hop, number>(hops.map((hop) => [hop, load.turns ?? Infinity]));
  let reached = 0;
  for (let round = 0; ; round += 1) {
    const prompts = promptsIn(plan, round);
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

/** How many turns the n-th conversation of a run has, from 0. */
export function promptsIn({ probe, conversations }: BenchPlan, number: number): number {
  return probe ? 1 : (conversations[number % conversations.length]?.length ?? 1);
}

/** Makes the order of the hops another sequence than the times, from the one seed. */
const ORDER = 0x5bd1e995;

/** When the integral of the level reaches a value, in turns; undefined: never. @returns to be asked with ascending values */
function createInverse(segments: readonly LevelSegment[]): (integral: number) => number | undefined {
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

/** How often an open load sends within a segment. */
export function areaOf({ startMs, endMs, from, to }: LevelSegment): number {
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

/** Random numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same elements in random order, each order as likely (Fisher-Yates). */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

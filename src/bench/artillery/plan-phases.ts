import type { BenchPlan } from '../run/plan.ts';
import { highestLevel, type LevelSegment, levelSegments, planArrivals, sendingEndMs } from '../run/schedule.ts';
import { chooseWorkers } from '../run/worker-share.ts';
import { sumOf } from '../../stream/distribution.ts';
import { UsageError } from '../../cli/errors.ts';

export type PhasePlan = ReturnType<typeof planPhases>;

/** Artillery's phases for the plan of one machine. @throws {UsageError} NOT_FOR_ARTILLERY when there are none */
export function planPhases(plan: BenchPlan) {
  return plan.load.model === 'closed' ? closedPhases(plan) : openPhases(plan);
}

/** All virtual users arrive in the first second, and each goes round and round when the plan's level wants it. */
function closedPhases(plan: BenchPlan) {
  const vus = Math.round(highestLevel(plan.load));
  const isTooMany = chooseWorkers({ ...plan, session: { type: 'per-vu' } }, Infinity) > 1;
  const phases: Phase[] = [{ name: 'virtual users', duration: 1, arrivalCount: vus }];
  const note = `${vus} virtual users are more than one thread follows well, and Artillery gives these to one thread of each machine: share them among more machines (--machines)`;
  return {
    phases,
    isOneThread: true,
    conversations: undefined,
    arrivalsMs: 1_000,
    endMs: sendingEndMs(levelSegments(plan)),
    notes: isTooMany ? [note] : [],
  };
}

function openPhases(plan: BenchPlan) {
  const { arrival, turns } = plan.load;
  const segments = levelSegments(plan).filter(({ startMs, endMs }) => startMs < endMs);
  const isRamped = segments.some(({ from, to }) => from !== to);
  const isFast = segments.some(({ from }) => from >= SPINS_FROM);
  const isCounted = arrival === 'constant' && !isRamped && !isFast;
  if (arrival === 'poisson' && isRamped) throw unfit('its Poisson arrivals have one rate: no --stage');
  if (!isCounted && turns !== undefined) {
    throw unfit(
      `ramps, Poisson arrivals and ${SPINS_FROM} per second and more go by time: give --duration or --stage, not --requests`,
    );
  }
  const notes = new Set<string>();
  const note = (sentence: string): void => void notes.add(sentence);
  const counts = arrival === 'constant' ? countArrivals(plan, segments) : [];
  const phases = segments.flatMap((segment, index): Phase[] => {
    const { startMs, endMs, from, to } = segment;
    if (from !== to || arrival === 'poisson' || from >= SPINS_FROM) return [ratePhase(plan, segment, note)];
    const count = counts[index] ?? 0;
    const isUsedUp = turns !== undefined && counts.slice(index + 1).every((later) => later === 0);
    if (isUsedUp && count === 0) return [];
    // The turns of the plan may run out before the segment does.
    const ms = Math.min(endMs - startMs, isUsedUp ? Math.round((count / from) * 1_000) : Infinity);
    // A number without a unit has to be whole.
    const time = ms % SECOND_MS === 0 ? ms / SECOND_MS : `${ms}ms`;
    const name = phaseName(plan, segment);
    return [count === 0 ? { name: 'pause', pause: time } : { name, duration: time, arrivalCount: count }];
  });
  const arrivalsMs = sumOf(phases, phaseMs);
  return {
    phases,
    /** One thread of a machine runs all of it: Artillery gives a phase with a count to its first thread, the others to all. */
    isOneThread: isCounted,
    /** How many the phases begin, where that is known. */
    conversations: isCounted ? sumOf(counts, Number) : undefined,
    /** When the last virtual user arrives, ms since the first one. */
    arrivalsMs,
    /** When nothing more is sent, ms since then; Infinity where the number of turns ends the load. */
    endMs: sendingEndMs(segments) === Infinity ? Infinity : arrivalsMs,
    notes: [...notes],
  };
}

/** Conversations that the plan's own schedule begins in each of its segments. */
function countArrivals(plan: BenchPlan, segments: readonly LevelSegment[]): number[] {
  const counts = segments.map(() => 0);
  for (const { plannedMs } of planArrivals(plan)) {
    const index = segments.findIndex(({ startMs, endMs }) => plannedMs >= startMs && plannedMs < endMs);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

function phaseName({ warmupMs }: BenchPlan, { startMs, from, to }: LevelSegment): string {
  if (startMs < warmupMs) return 'warm-up';
  return from === to ? `${tidy(from)} per second` : `from ${tidy(from)} to ${tidy(to)} per second`;
}

function tidy(level: number): string {
  return String(Number(level.toFixed(2)));
}

/** The share of one machine of 1 or more, and how all shares differ from the plan: counts that do not divide are rounded up. */
export function sharePlan(plan: BenchPlan, machines: number): { plan: BenchPlan; notes: string[] } {
  const notes: string[] = [];
  const whole = (count: number, what: string): number => {
    const share = Math.ceil(count / machines);
    if (share * machines !== count)
      notes.push(`${share} ${what} on each of ${machines} machines are ${share * machines}, not ${count}`);
    return share;
  };
  const { load, paces } = plan;
  const level = (value: number): number => (load.model === 'closed' ? whole(value, 'virtual users') : value / machines);
  const startLevel = level(load.startLevel);
  const stages = load.stages.map(({ durationMs, level: to }) => ({ durationMs, level: level(to) }));
  const { turnsPerSecond, newSessionsPerMinute } = paces;
  return {
    plan: {
      ...plan,
      load: { ...load, startLevel, stages, ...(load.turns !== undefined && { turns: whole(load.turns, 'turns') }) },
      paces: {
        ...(turnsPerSecond !== undefined && { turnsPerSecond: turnsPerSecond / machines }),
        ...(newSessionsPerMinute !== undefined && { newSessionsPerMinute: newSessionsPerMinute / machines }),
      },
    },
    notes: [...new Set(notes)],
  };
}

const SECOND_MS = 1_000;
/** From this rate on Artillery's even timer keeps a core busy: it spins for the last 25 ms before each arrival (nanotimer). */
const SPINS_FROM = 20;
/** Artillery ignores a ramp of one second (its phases.ts). */
const SHORTEST_RAMP_S = 2;

/** Arrivals at a rate: a ramp, at random, or from `SPINS_FROM` on. @throws {UsageError} NOT_FOR_ARTILLERY */
function ratePhase(plan: BenchPlan, segment: LevelSegment, note: (sentence: string) => void): Phase {
  const { from, to } = segment;
  const ramp = { name: phaseName(plan, segment), duration: wholeSeconds(segment, SHORTEST_RAMP_S), rampTo: to };
  if (from !== to) {
    note('ramps go in steps of a second, in whole seconds, and over all threads of a machine');
    // A ramp down to 0 has to begin at a whole rate (dist.ts of Artillery).
    return { ...ramp, arrivalRate: to === 0 ? Math.ceil(from) : from };
  }
  if (plan.load.arrival === 'poisson') {
    if (!Number.isInteger(from)) throw unfit(`its Poisson arrivals have a whole rate on a machine, not ${from} per second`);
    note(
      'each Poisson arrival waits from the one before it, not on an absolute schedule: high rates fall short of what was asked',
    );
    if (from >= SPINS_FROM) {
      note(
        `from ${SPINS_FROM} per second and thread on, Poisson arrivals keep a core busy, and a busy client makes a run invalid: share them among more machines (--machines)`,
      );
    }
    return { name: ramp.name, duration: wholeSeconds(segment, 1), arrivalRate: from, mode: 'poisson' };
  }
  if (!Number.isInteger(from)) throw unfit(`from ${SPINS_FROM} per second on a machine has a whole rate, not ${from}`);
  note(
    `from ${SPINS_FROM} per second on, turns come at whole milliseconds within each second, for whole seconds, and over all threads of a machine`,
  );
  // A ramp from a rate to itself, since Artillery has another timer for it.
  return { ...ramp, arrivalRate: from };
}

function phaseMs(phase: Phase): number {
  const time = 'pause' in phase ? phase.pause : phase.duration;
  return typeof time === 'number' ? time * SECOND_MS : Number.parseInt(time, 10);
}

function unfit(why: string): UsageError {
  return new UsageError('NOT_FOR_ARTILLERY', `Artillery cannot make this load: ${why}`);
}

function wholeSeconds({ startMs, endMs }: LevelSegment, least: number): number {
  return Math.max(least, Math.round((endMs - startMs) / SECOND_MS));
}

/** A phase as Artillery reads it (Artillery, "Test scripts: phases"). Times are whole seconds, or a text such as `1500ms`. */
export type Phase = { readonly name: string } & (
  | { readonly duration: number | string; readonly arrivalCount: number }
  | { readonly duration: number; readonly arrivalRate: number; readonly rampTo?: number; readonly mode?: 'poisson' }
  | { readonly pause: number | string }
);

import { evenPhase, fastPhase, type Phase, phaseMs, poissonPhase, rampPhase, SPINS_FROM, unfit } from './open-phase.ts';
import type { BenchPlan } from '../run/plan.ts';
import { type LevelSegment, levelSegments, planArrivals, sendingEndMs } from '../run/schedule.ts';
import { chooseWorkers } from '../run/worker-share.ts';

export interface PhasePlan {
  readonly phases: readonly Phase[];
  /** One thread of a machine runs all of it: Artillery gives a phase with a count to its first thread, the others to all. */
  readonly isOneThread: boolean;
  /** Conversations that the phases of an open load begin, where their number is known. */
  readonly conversations: number | undefined;
  /** When the last virtual user arrives, ms since the first one. */
  readonly arrivalsMs: number;
  /** When nothing more is sent, ms since then; Infinity where the number of turns ends the load. */
  readonly endMs: number;
  /** How the phases differ from the plan, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The phases of Artillery that make the load of a plan.
 * @param plan of one machine
 * @throws {UsageError} NOT_FOR_ARTILLERY when there are none
 */
export function planPhases(plan: BenchPlan): PhasePlan {
  return plan.load.model === 'closed' ? closedPhases(plan) : openPhases(plan);
}

/** All virtual users arrive in the first second, and each goes round and round when the plan's level wants it. */
function closedPhases(plan: BenchPlan): PhasePlan {
  const { startLevel, stages } = plan.load;
  const vus = Math.round(Math.max(startLevel, ...stages.map(({ level }) => level)));
  const isTooMany = chooseWorkers({ ...plan, session: { type: 'per-vu' } }, Infinity) > 1;
  const note = `${vus} virtual users are more than one thread follows well, and Artillery gives these to one thread of each machine: share them among more machines (--machines)`;
  return {
    phases: [{ name: 'virtual users', duration: 1, arrivalCount: vus }],
    isOneThread: true,
    conversations: undefined,
    arrivalsMs: 1_000,
    endMs: sendingEndMs(levelSegments(plan)),
    notes: isTooMany ? [note] : [],
  };
}

function openPhases(plan: BenchPlan): PhasePlan {
  const { arrival, turns } = plan.load;
  const segments = levelSegments(plan).filter(({ startMs, endMs }) => startMs < endMs);
  const isRamped = segments.some(({ from, to }) => from !== to);
  const isFast = segments.some(({ from }) => from >= SPINS_FROM);
  const isCounted = arrival === 'constant' && !isRamped && !isFast;
  if (arrival === 'poisson' && isRamped) {
    throw unfit('its Poisson arrivals have one rate: no --stage');
  }
  if (!isCounted && turns !== undefined) {
    throw unfit(
      `ramps, Poisson arrivals and ${SPINS_FROM} per second and more go by time: give --duration or --stage, not --requests`,
    );
  }
  const notes = new Set<string>();
  const note = (sentence: string): void => void notes.add(sentence);
  const counts = arrival === 'constant' ? countArrivals(plan, segments) : [];
  const phases = segments.flatMap((segment, index): Phase[] => {
    const { from, to } = segment;
    const name = phaseName(plan, segment);
    if (from !== to) return [rampPhase(name, segment, note)];
    if (arrival === 'poisson') return [poissonPhase(name, segment, note)];
    if (from >= SPINS_FROM) return [fastPhase(name, segment, note)];
    const count = counts[index] ?? 0;
    const isLast = counts.slice(index + 1).every((later) => later === 0);
    const isUsedUp = turns !== undefined && isLast;
    if (isUsedUp && count === 0) return [];
    return [evenPhase(name, isUsedUp ? neededMs(segment, count) : lengthMs(segment), count)];
  });
  const arrivalsMs = phases.reduce((sum, phase) => sum + phaseMs(phase), 0);
  return {
    phases,
    isOneThread: isCounted,
    conversations: isCounted ? counts.reduce((sum, count) => sum + count, 0) : undefined,
    arrivalsMs,
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

function lengthMs({ startMs, endMs }: LevelSegment): number {
  return endMs - startMs;
}

/** Length of a segment in which the turns of the plan run out. */
function neededMs(segment: LevelSegment, count: number): number {
  return Math.min(lengthMs(segment), Math.round((count / segment.from) * 1_000));
}

function phaseName({ warmupMs }: BenchPlan, { startMs, from, to }: LevelSegment): string {
  if (startMs < warmupMs) return 'warm-up';
  return from === to ? `${tidy(from)} per second` : `from ${tidy(from)} to ${tidy(to)} per second`;
}

function tidy(level: number): string {
  return String(Number(level.toFixed(2)));
}

export interface SharedPlan {
  readonly plan: BenchPlan;
  /** How all shares together differ from the plan, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The share of one machine in a plan. All machines run the same share, so counts that do not divide are rounded up.
 * @param machines 1 or more
 */
export function sharePlan(plan: BenchPlan, machines: number): SharedPlan {
  const notes: string[] = [];
  const whole = (count: number, what: string): number => {
    const share = Math.ceil(count / machines);
    if (share * machines !== count) {
      notes.push(`${share} ${what} on each of ${machines} machines are ${share * machines}, not ${count}`);
    }
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
      load: {
        ...load,
        startLevel,
        stages,
        ...(load.turns !== undefined && { turns: whole(load.turns, 'turns') }),
      },
      paces: {
        ...(turnsPerSecond !== undefined && { turnsPerSecond: turnsPerSecond / machines }),
        ...(newSessionsPerMinute !== undefined && {
          newSessionsPerMinute: newSessionsPerMinute / machines,
        }),
      },
    },
    notes: [...new Set(notes)],
  };
}

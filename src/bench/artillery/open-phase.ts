import type { LevelSegment } from '../run/schedule.ts';
import { UsageError } from '../../cli/errors.ts';

const SECOND_MS = 1_000;
/**
 * Turns per second from which arrivals are not left to Artillery's even timer: it spins for the last 25 ms before each arrival
 * (nanotimer), half of the time at this rate and all of it at twice that.
 */
export const SPINS_FROM = 20;
/** Artillery ignores a ramp of one second (its phases.ts). */
const SHORTEST_RAMP_S = 2;

/** Takes a sentence on how a phase differs from the plan. */
type Note = (sentence: string) => void;

/** Arrivals at even intervals: their number, over the time that they take. */
export function evenPhase(name: string, ms: number, count: number): Phase {
  return count === 0 ? { name: 'pause', pause: toTime(ms) } : { name, duration: toTime(ms), arrivalCount: count };
}

/** A level that goes up or down. */
export function rampPhase(name: string, segment: LevelSegment, note: Note): Phase {
  const { from, to } = segment;
  note('ramps go in steps of a second, in whole seconds, and over all threads of a machine');
  // A ramp down to 0 has to begin at a whole rate (dist.ts of Artillery).
  const arrivalRate = to === 0 ? Math.ceil(from) : from;
  return { name, duration: wholeSeconds(segment, SHORTEST_RAMP_S), arrivalRate, rampTo: to };
}

/** A high level: a ramp from a rate to itself, since Artillery has another timer for it. @throws {UsageError} NOT_FOR_ARTILLERY */
export function fastPhase(name: string, segment: LevelSegment, note: Note): Phase {
  const { from } = segment;
  if (!Number.isInteger(from)) {
    throw unfit(`from ${SPINS_FROM} per second on a machine has a whole rate, not ${from}`);
  }
  note(
    `from ${SPINS_FROM} per second on, turns come at whole milliseconds within each second, for whole seconds, and over all threads of a machine`,
  );
  return {
    name,
    duration: wholeSeconds(segment, SHORTEST_RAMP_S),
    arrivalRate: from,
    rampTo: from,
  };
}

/** Arrivals at random. @throws {UsageError} NOT_FOR_ARTILLERY */
export function poissonPhase(name: string, segment: LevelSegment, note: Note): Phase {
  const { from } = segment;
  if (!Number.isInteger(from)) {
    throw unfit(`its Poisson arrivals have a whole rate on a machine, not ${from} per second`);
  }
  note('each Poisson arrival waits from the one before it, not on an absolute schedule: high rates fall short of what was asked');
  if (from >= SPINS_FROM) {
    note(
      `from ${SPINS_FROM} per second and thread on, Poisson arrivals keep a core busy, and a busy client makes a run invalid: share them among more machines (--machines)`,
    );
  }
  return { name, duration: wholeSeconds(segment, 1), arrivalRate: from, mode: 'poisson' };
}

/** How long Artillery takes a phase to be, ms. */
export function phaseMs(phase: Phase): number {
  const time = 'pause' in phase ? phase.pause : phase.duration;
  return typeof time === 'number' ? time * SECOND_MS : Number.parseInt(time, 10);
}

/** The error for a load that Artillery cannot make. */
export function unfit(why: string): UsageError {
  return new UsageError('NOT_FOR_ARTILLERY', `Artillery cannot make this load: ${why}`);
}

function wholeSeconds({ startMs, endMs }: LevelSegment, least: number): number {
  return Math.max(least, Math.round((endMs - startMs) / SECOND_MS));
}

/** A number without a unit has to be whole. */
function toTime(ms: number): number | string {
  return ms % SECOND_MS === 0 ? ms / SECOND_MS : `${ms}ms`;
}

/** A phase as Artillery reads it (Artillery, "Test scripts: phases"). Times are whole seconds, or a text such as `1500ms`. */
export type Phase = { readonly name: string } & (
  | { readonly duration: number | string; readonly arrivalCount: number }
  | {
      readonly duration: number;
      readonly arrivalRate: number;
      readonly rampTo?: number;
      readonly mode?: 'poisson';
    }
  | { readonly pause: number | string }
);

import { OUTCOMES } from '../../stream/outcome.ts';

/**
 * `cold`: a new Lambda environment (Server-Timing has `init`). `new-session`: the first turn of a session. `resumed`: the first
 * after the session's rest. `warm`: any other. The first that holds; never one distribution for all.
 */
export const TURN_CLASSES = ['cold', 'new-session', 'resumed', 'warm'] as const;
export type TurnClass = (typeof TURN_CLASSES)[number];

/** `pilot`: the one turn to each hop before the load. Only `measured` turns are in the figures. */
export const TURN_PHASES = ['pilot', 'warmup', 'measured'] as const;
export type TurnPhase = (typeof TURN_PHASES)[number];

const NEVER_ARRIVED: ReadonlySet<string | undefined> = new Set(['CONNECT_FAILED', 'CONNECT_TIMEOUT']);

/** Whether a request reached the service. */
export function hasArrived({ code }: { readonly code?: string | undefined }): boolean {
  return !NEVER_ARRIVED.has(code);
}

/** How a turn came out: as its stream did, or `unfinished`: in flight when the grace period was over. */
export const TURN_OUTCOMES = [...OUTCOMES, 'unfinished'] as const;

/** How a probe's stream arrived, the good verdict first. */
export const PROBE_VERDICTS = ['streaming', 'coalesced', 'late first flush', 'buffered'] as const;
export type VerdictName = (typeof PROBE_VERDICTS)[number];

import type { VerdictName } from '../bench/run/turn-kinds.ts';
import type { FlushMode } from '../protocol.ts';
import type { ProofProbe } from './send-probe.ts';

/** A question for an endpoint that may not serve yet, and its answer. */
export interface ProofAttempt extends Pick<ProofProbe, 'number' | 'status' | 'failure'> {
  /** Until the next one; undefined when there is none. */
  readonly retryInMs: number | undefined;
}

/** How probes with another flush mode came through. */
export interface FlushTrial {
  readonly flushMode: FlushMode;
  readonly probes: number;
  readonly streaming: number;
  /** Whether heartbeats left with it; undefined when that was not asked. */
  readonly heartbeatLeaves?: boolean;
}

/**
 * How Lambda holds what the function writes: each write until the next one; all bytes until some number has come; some or all responses
 * whole, only those whose first payload leaves together with the head or any.
 */
export type Holding = 'one-write-behind' | 'until-filled' | 'joined-head' | 'whole';

/** The findings about an endpoint. */
export type Proof =
  | {
      readonly type: 'proved';
      readonly attempts: number;
      /** Until it served. */
      readonly waitedMs: number;
      readonly probes: readonly ProofProbe[];
      /** All together: `streaming` unless two wide probes or more came otherwise; undefined when none could be judged. */
      readonly verdict: VerdictName | undefined;
      /** Start of the function's environment, of the first answer that waited for it. */
      readonly initMs: number | undefined;
      /** Whether heartbeats leave while the agent is silent; undefined when that was not asked. */
      readonly heartbeatLeaves: boolean | undefined;
      /** Undefined when nothing is held, or not as is known of Lambda. */
      readonly holding: Holding | undefined;
      /** Flush modes that were tried because something is held, in their order. */
      readonly trials: readonly FlushTrial[];
      /** The cheapest of them that lets the same endpoint stream. Nothing has been set. */
      readonly cure: FlushMode | undefined;
    }
  /** It never answered a probe within the patience; or no longer, which `excuseOf` in `await-endpoint.ts` tells. */
  | { readonly type: 'not-serving'; readonly attempts: number; readonly waitedMs: number; readonly last: ProofAttempt }
  /** It serves, but its function has no probe: a handler of somebody's own. */
  | { readonly type: 'no-probe'; readonly attempts: number; readonly waitedMs: number };

export type ProofEvent =
  | ({ readonly type: 'proof-attempt' } & ProofAttempt)
  | ({ readonly type: 'proof-probe' } & ProofProbe)
  | ({ readonly type: 'proof-trial' } & FlushTrial);

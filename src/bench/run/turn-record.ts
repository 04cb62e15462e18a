import type { Hop } from '../../stream/stream-part.ts';
import type { StreamMetrics } from '../../stream/measure.ts';
import type { Outcome } from '../../stream/outcome.ts';
import type { ProbeVerdict } from './probe-verdict.ts';

/**
 * `cold`: a new Lambda environment (Server-Timing has `init`). `new-session`: the first turn of a session. `resumed`: the first
 * after the session's rest. `warm`: any other. The first that holds; never one distribution for all.
 */
export const TURN_CLASSES = ['cold', 'new-session', 'resumed', 'warm'] as const;
export type TurnClass = (typeof TURN_CLASSES)[number];

/** `pilot`: the one turn to each hop before the load. Only `measured` turns are in the figures. */
export type TurnPhase = 'pilot' | 'warmup' | 'measured';

/** One turn of a run: a line of `--ndjson`, an element of the report. Holds no prompt, no answer, no session id. */
export interface TurnRecord {
  /** Unique within the run. */
  readonly index: number;
  readonly phase: TurnPhase;
  readonly hop: Hop;
  readonly class: TurnClass;
  /** Turns of one interleaved round of the hops share it. */
  readonly pair: number;
  /** Number of the session within the run; absent for a probe. */
  readonly session?: number;
  /** Open load only: when the schedule wanted it sent, ms since the start of the run. */
  readonly plannedMs?: number;
  /** When it was sent, ms since the start of the run. */
  readonly sentMs: number;
  /** How much later it was sent than the client should have been able to: past the plan or past its own decision, ms. */
  readonly latenessMs: number;
  /** How long our own paces held it back, ms; not part of `latenessMs`. */
  readonly heldMs: number;
  /** `unfinished`: in flight when the grace was over. */
  readonly outcome: Outcome | 'unfinished';
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Code of the failure, when the outcome is not `ok`: `THROTTLED`, `STREAM_CUT`, ... */
  readonly code?: string;
  /** `outcome` of it is not `unfinished` but what ended it. */
  readonly metrics: StreamMetrics;
  /** Server-Timing of the function, ms: how long its environment took to start, and when the agent had answered. */
  readonly initMs?: number;
  readonly agentMs?: number;
  /** Tokens by the stream's own usage events. */
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly verdict?: ProbeVerdict;
  /** Of a few turns only. */
  readonly trace?: StreamTrace;
}

/** Reads and events of one stream, ms since `sent`; three lists of one length, and two. Bounded: see `truncated`. */
export interface StreamTrace {
  readonly readMs: readonly number[];
  /** Bytes of the body up to and with each read. */
  readonly bytes: readonly number[];
  readonly eventMs: readonly number[];
  readonly eventTypes: readonly string[];
  readonly truncated: boolean;
}

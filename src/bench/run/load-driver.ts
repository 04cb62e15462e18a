import type { ProbeRequest } from '../../protocol.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { StreamMetrics } from '../../stream/measure.ts';
import type { ProbeArrival } from './judge-probe.ts';
import type { OfferedTrace } from './trace-keeper.ts';
import type { TurnRecord } from './turn-record.ts';

/** What sends the turns of a load. It knows the way; the engine knows when. */
export interface LoadDriver {
  /** Runs one turn to its end, good or bad. @throws only for a bug */
  send(turn: LoadTurn, signal: AbortSignal): Promise<SentTurn>;
  /** Stops a session's work on the server. @throws when it could not be stopped */
  stop(hop: Hop, sessionId: string): Promise<void>;
}

export type LoadTurn =
  | { readonly hop: Hop; readonly prompt: string; readonly sessionId: string }
  | { readonly hop: Hop; readonly probe: Required<ProbeRequest> };

/** What came of a turn. */
export interface SentTurn {
  /** Stamp of `performance.now()`; undefined when it never got as far as the wire. */
  readonly sentAt: number | undefined;
  readonly metrics: StreamMetrics;
  /** `Server-Timing` as the function sent it. */
  readonly serverTiming: string | undefined;
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Of the failure, when the outcome is not `ok`. */
  readonly code: string | undefined;
  readonly tokens: TurnRecord['tokens'];
  /** Of a probe, ms since `sentAt`, those of one read with one time; empty for a prompt. */
  readonly probeEvents: readonly ProbeArrival[];
  readonly trace: OfferedTrace | undefined;
}

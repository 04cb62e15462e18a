import type { Transport } from './transport.ts';
import { STREAM_LIMIT_MS } from '../aws/limits.ts';
import type { Hop } from '../stream/stream-part.ts';
import type { StreamLimits } from '../stream/outcome.ts';

/** An open way to the agent. */
export interface Connection {
  readonly transport: Transport;
  /** Undefined where there is no idle limit, or none is known. */
  readonly idleLimitMs: number | undefined;
  /** Longest stream. AWS's unless given. */
  readonly streamLimitMs?: number;
  close(): Promise<void>;
}

export type OpenConnection = (hop: Hop) => Promise<Connection>;

/** The limits that a cut on this way may stand for. */
export function limitsOf({
  idleLimitMs,
  streamLimitMs = STREAM_LIMIT_MS,
}: Connection): StreamLimits {
  return { ...(idleLimitMs !== undefined && { idleLimitMs }), streamLimitMs };
}

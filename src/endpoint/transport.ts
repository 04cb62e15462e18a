import type { ProbeRequest } from '../protocol.ts';
import type { StreamPart } from '../stream/stream-part.ts';
import type { Credentials } from './authorize.ts';

/** One turn as a transport sends it. */
export interface TurnRequest {
  readonly prompt: string;
  /** Absent: the endpoint makes one. */
  readonly sessionId?: string | undefined;
  /** AgentCore endpoint name. */
  readonly qualifier?: string | undefined;
}

/** The function's own synthetic stream in place of an agent's answer: `POST /probe`. */
export interface ProbeTurn {
  readonly probe: ProbeRequest;
}

/** What comes back of a turn: iterated over with back-pressure, or handed over as it comes. */
export interface TurnParts extends AsyncIterableIterator<StreamPart, undefined> {
  /**
   * Hands over each part in the very callback in which it came off the socket, for a consumer that is done with it when it
   * returns: a promise for each part would cost more than all of its decoding.
   * @returns settles at the end. @throws as the iteration does, and what `onPart` throws, which ends the turn
   */
  each(onPart: (part: StreamPart) => void): Promise<void>;
}

/** A way to the agent: through API Gateway, through Lambda, or direct. */
export interface Transport {
  /** How its requests prove who they are; absent below the endpoint, where AWS signatures do. */
  readonly auth?: Credentials['type'];
  /**
   * Sends a turn once its first part is asked for. Nothing is retried.
   * @throws from the parts: OperationError CONNECT_FAILED when no connection came about; STREAM_CUT when it broke off;
   *   CONNECT_TIMEOUT or CLIENT_TIMEOUT when a timer of ours ended it
   *   the signal's reason when it is aborted
   * @throws {UsageError} PROBE_NEEDS_FUNCTION at once for a probe on a way without the function
   */
  open(request: TurnRequest | ProbeTurn, signal: AbortSignal): TurnParts;
  /**
   * Stops the session's work on the server.
   * @param qualifier that its turns were sent with: elsewhere there is no such session
   * @throws {OperationError} when the endpoint refuses
   */
  stop(sessionId: string, qualifier?: string): Promise<void>;
  close(): Promise<void>;
}

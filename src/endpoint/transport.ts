import { UsageError } from '../cli/errors.ts';
import type { Credentials } from './authorize.ts';
import { INVOKE_PATH, PROBE_PATH, type ProbeRequest, withMembers } from '../protocol.ts';
import type { StreamPart } from '../stream/stream-part.ts';

/** One turn as a transport sends it. */
export interface TurnRequest {
  /** Empty: the payload has one, or none is sent. */
  readonly prompt: string;
  /** A JSON object with other members of the request, as text: they are sent as they are written. */
  readonly payload?: string | undefined;
  /** Absent: the endpoint makes one. */
  readonly sessionId?: string | undefined;
  /** AgentCore endpoint name. */
  readonly qualifier?: string | undefined;
}

/** The function's own synthetic stream in place of an agent's answer: `POST /probe`. */
export type ProbeTurn = { readonly probe: ProbeRequest };

/**
 * Takes each part of a turn in the callback in which it came off the socket: a promise for each part would cost more than its decoding.
 * The listener returns a promise when it cannot keep up: nothing more is read until that settles.
 */
export type PartListener = (part: StreamPart) => void | Promise<void>;

/** A hop to the agent: through API Gateway, through Lambda, or direct. */
export interface Transport {
  /** The credentials of its requests; absent below the endpoint, where they are AWS signatures. */
  readonly auth?: Credentials['type'];
  /**
   * Sends a turn, once, and hands its parts over.
   * @returns settles at the end of the answer
   * @throws {OperationError} CONNECT_FAILED when the connection could not be opened; STREAM_CUT when it broke;
   *   CONNECT_TIMEOUT or CLIENT_TIMEOUT when a timer of ours ended it
   *   the signal's reason when it is aborted; what the listener throws, which ends the turn
   * @throws {UsageError} PROBE_NEEDS_FUNCTION for a probe to a hop without the function
   */
  send(request: TurnRequest | ProbeTurn, onPart: PartListener, signal: AbortSignal): Promise<void>;
  /**
   * Stops the session's work on the server.
   * @param qualifier that its turns were sent with: sessions are separate for each
   * @throws {OperationError} when the endpoint refuses
   */
  stop(sessionId: string, qualifier?: string): Promise<void>;
  close(): Promise<void>;
}

/** A turn as the endpoint takes it by POST (src/protocol.ts). @returns its path is below the stage */
export function turnCall(request: TurnRequest | ProbeTurn): { readonly path: string; readonly body: string } {
  if ('probe' in request) return { path: PROBE_PATH, body: JSON.stringify(request.probe) };
  const { prompt, payload, sessionId, qualifier } = request;
  const body = withMembers(payload ?? '{}', {
    ...(!(payload && prompt === '') && { prompt }),
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(qualifier !== undefined && { qualifier }),
  });
  return { path: INVOKE_PATH, body };
}

/** Path and query of a stop (DELETE), below the stage. @param qualifier AgentCore endpoint name; absent: the function's own */
export function stopPath(qualifier?: string): string {
  return qualifier === undefined ? INVOKE_PATH : `${INVOKE_PATH}?qualifier=${encodeURIComponent(qualifier)}`;
}

/** The error for a probe over a hop without the function. */
export function probeNeedsFunction(): UsageError {
  return new UsageError('PROBE_NEEDS_FUNCTION', 'the probe is made by the function: the hop agentcore has none', {
    hint: '--hop api,lambda',
  });
}

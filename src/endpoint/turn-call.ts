import { INVOKE_PATH, PROBE_PATH } from '../protocol.ts';
import type { ProbeTurn, TurnRequest } from './transport.ts';

/** A turn as the endpoint takes it by POST (src/protocol.ts). */
export interface TurnCall {
  /** Below the stage. */
  readonly path: string;
  readonly body: string;
}

export function turnCall(request: TurnRequest | ProbeTurn): TurnCall {
  if ('probe' in request) return { path: PROBE_PATH, body: JSON.stringify(request.probe) };
  const { prompt, sessionId, qualifier } = request;
  const body = JSON.stringify({
    prompt,
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(qualifier !== undefined && { qualifier }),
  });
  return { path: INVOKE_PATH, body };
}

import type { TurnRequest } from './transport.ts';

/** A turn as the body of `POST /invoke` (src/protocol.ts). */
export function invokeBody(request: TurnRequest): string {
  return JSON.stringify({
    prompt: request.prompt,
    ...(request.sessionId !== undefined && { session_id: request.sessionId }),
    ...(request.qualifier !== undefined && { qualifier: request.qualifier }),
  });
}

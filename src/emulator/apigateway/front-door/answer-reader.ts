import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import type { GatewayError } from './gateway-error.ts';

/** Bytes of an answer that are kept, of its beginning and of its end: enough for an error. */
const KEPT_BYTES = 2_000;
const [LF, CR, COLON] = [10, 13, 58];

/** Reads an answer for the report of its request: its events, and why it failed. */
export function createAnswerReader() {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let events = 0;
  let isOpen = false;
  let atLineStart = true;
  let last = 0;

  /** An event is lines that are not all comments, up to an empty line (HTML standard, "Parsing an event stream"). */
  const count = (byte: number): void => {
    const isHalfOfCrlf = byte === LF && last === CR;
    last = byte;
    if (isHalfOfCrlf) return;
    if (byte !== LF && byte !== CR) {
      if (atLineStart && byte !== COLON) isOpen = true;
      atLineStart = false;
      return;
    }
    if (atLineStart && isOpen) {
      events += 1;
      isOpen = false;
    }
    atLineStart = true;
  };

  return {
    push(chunk: Uint8Array): void {
      for (const byte of chunk) count(byte);
      if (head.length < KEPT_BYTES) head = Buffer.concat([head, chunk.subarray(0, KEPT_BYTES - head.length)]);
      tail = Buffer.concat([tail, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    },
    read(
      incoming: IncomingMessage,
      response: ServerResponse,
      failure: GatewayError | undefined,
    ): Pick<EndpointRequestEvent, 'events' | 'sessionId' | 'reason'> {
      const sessionId = response.getHeader('x-session-id') ?? incoming.headers['x-session-id'];
      const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
      const reason = failure
        ? gatewayReason(failure, incoming)
        : response.statusCode >= 400
          ? describe(head.toString())
          : isStream && errorEvent(tail.toString());
      return { ...(isStream && { events }), ...(typeof sessionId === 'string' && { sessionId }), ...(reason && { reason }) };
    },
  };
}

/** The gateway's message does not say whether a credential is wrong or missing. */
function gatewayReason({ responseType, message }: GatewayError, { headers }: IncomingMessage): string {
  if (responseType === 'INVALID_API_KEY') return headers['x-api-key'] ? 'x-api-key is not valid' : 'no x-api-key';
  if (responseType === 'UNAUTHORIZED') return headers.authorization ? 'the token is not valid' : 'no token';
  return message;
}

function errorEvent(tail: string): string | undefined {
  const data = /(?:^|[\r\n])event: ?error\r?\n(?:id:.*\r?\n)?data: ?(.*)/.exec(tail)?.[1];
  return data === undefined ? undefined : `error event ${describe(data)}`;
}

/** `CODE: message` of an error body, else its text. */
function describe(text: string): string {
  try {
    const { code, error, message } = JSON.parse(text) as Record<string, unknown>;
    const words = [code, error ?? message].filter((part) => typeof part === 'string' && part !== '');
    if (words.length > 0) return words.join(': ');
  } catch {
    // Not JSON: the text itself.
  }
  return text.trim().slice(0, 200);
}

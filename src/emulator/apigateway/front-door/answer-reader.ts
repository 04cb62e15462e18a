import { createParser } from 'eventsource-parser';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import { parseObject } from '../../kernel/properties.ts';
import type { GatewayError } from './gateway-error.ts';

/** First bytes of an answer that are kept: enough for an error. */
const KEPT_BYTES = 2_000;

/** Reads an answer for the report of its request: its events, and why it failed. */
export function createAnswerReader(incoming: IncomingMessage, response: ServerResponse) {
  let head = Buffer.alloc(0);
  let events = 0;
  let errorEvent: string | undefined;
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ event, data }) {
      events += 1;
      if (event === 'error') errorEvent = data;
    },
  });
  const isStream = (): boolean => String(response.getHeader('content-type')).startsWith('text/event-stream');
  const reasonOf = (failure: GatewayError | undefined): string | undefined => {
    if (failure) return gatewayReason(failure, incoming);
    if (response.statusCode >= 400) return describe(head.toString());
    return errorEvent === undefined ? undefined : `error event ${describe(errorEvent)}`;
  };
  return {
    push(chunk: Uint8Array): void {
      if (head.length < KEPT_BYTES) head = Buffer.concat([head, chunk.subarray(0, KEPT_BYTES - head.length)]);
      if (isStream()) parser.feed(decoder.decode(chunk, { stream: true }));
    },
    read(failure: GatewayError | undefined): Pick<EndpointRequestEvent, 'events' | 'sessionId' | 'reason'> {
      const sessionId = response.getHeader('x-session-id') ?? incoming.headers['x-session-id'];
      const reason = reasonOf(failure);
      return { ...(isStream() && { events }), ...(typeof sessionId === 'string' && { sessionId }), ...(reason && { reason }) };
    },
  };
}

/** The gateway's message does not say whether a credential is wrong or missing. */
function gatewayReason({ responseType, message }: GatewayError, { headers }: IncomingMessage): string {
  if (responseType === 'INVALID_API_KEY') return headers['x-api-key'] ? 'x-api-key is not valid' : 'no x-api-key';
  if (responseType === 'UNAUTHORIZED') return headers.authorization ? 'the token is not valid' : 'no token';
  return message;
}

/** `CODE: message` of an error body, else its text. */
function describe(text: string): string {
  const { code, error, message } = parseObject(text) ?? {};
  const words = [code, error ?? message].filter((part) => typeof part === 'string' && part !== '');
  return words.length > 0 ? words.join(': ') : text.trim().slice(0, 200);
}

import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/**
 * A failure told inside a stream whose status is 200: `{"error": "...", "code"}` of the deployed function, `{"error",
 * "error_type", "message"}` of AgentCore's Python SDK, `{"error": {"message", "code"}}` of OpenAI's shape, and any data of an event
 * named `error`.
 * @param event the event's name
 * @param value its data as a JSON value; data that is no JSON stands for itself
 */
export function readInBandError(event: string, value: unknown): AgentEvent | undefined {
  if (isJsonObject(value)) {
    const { error } = value;
    if (typeof error === 'string') {
      return errorEvent(error, value['code'] ?? value['error_type']);
    }
    if (isJsonObject(error)) return fromObject(error);
    if (event === 'error') return fromObject(value);
  }
  if (event !== 'error') return undefined;
  return errorEvent(typeof value === 'string' ? value : JSON.stringify(value), undefined);
}

function fromObject(error: JsonObject): AgentEvent {
  const { message, code, type } = error;
  return errorEvent(
    typeof message === 'string' ? message : JSON.stringify(error),
    typeof code === 'string' ? code : type,
  );
}

function errorEvent(message: string, code: unknown): AgentEvent {
  return { type: 'error', message, ...(typeof code === 'string' && { code }) };
}

import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { contentText } from './shape.ts';

/** Members in which agents without a framework send a piece of text. */
const PIECES = ['data', 'text', 'content', 'delta', 'response', 'result'] as const;
/** Members in which they put a whole answer: the samples of the AgentCore guide use the first three. */
const WHOLES = ['result', 'response', 'output', 'message', 'text', 'content', 'data', 'answer'] as const;
/** Words in a `type` or `role` of what is not part of the answer. */
const NOT_SAID = /tool|reason|think|status|error|user|system|human|debug|metadata/i;
const MAX_DEPTH = 4;

/** The piece of text in an object of an unknown stream; undefined when there is none. */
export function plainPiece(value: JsonObject): string | undefined {
  const { type, role } = value;
  if (NOT_SAID.test(`${typeof type === 'string' ? type : ''} ${typeof role === 'string' ? role : ''}`))
    return undefined;
  for (const name of PIECES) {
    const piece = value[name];
    if (typeof piece === 'string') return piece;
  }
  // A sample in the AgentCore guide. Beside other members it is an event's name.
  const { event } = value;
  return typeof event === 'string' && Object.keys(value).length === 1 ? event : undefined;
}

/**
 * The text of a whole answer in JSON: a string, the text of a message, or either of them in a member such as `result`.
 * @returns undefined when it has none of these forms
 */
export function plainWhole(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value) || depth > MAX_DEPTH) return undefined;
  const text = contentText(value['content']);
  if (text !== '') return text;
  const [choice] = Array.isArray(value['choices']) ? (value['choices'] as unknown[]) : [];
  if (isJsonObject(choice)) return plainWhole(choice['message'], depth + 1);
  for (const name of WHOLES) {
    const inner = plainWhole(value[name], depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

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

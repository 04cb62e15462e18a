import type { SseItem } from './sse.ts';

/** What an agent's stream says, whatever framework wrote it. */
export type AgentEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'error'; readonly message: string; readonly code?: string }
  | { readonly type: 'heartbeat' }
  /** Anything else: framing, tools, usage, or a shape that we do not know. */
  | { readonly type: 'data'; readonly event: string; readonly data: string };

/**
 * Reads one SSE item. Text comes as a JSON string (Python SDK), as a raw line (TypeScript SDK), or in an object's `data` or
 * `text` member or a Converse delta; errors as an `error` event or as an object with an `error` member inside a 200 stream.
 */
export function toAgentEvent(item: SseItem): AgentEvent {
  if (item.type === 'comment') return { type: 'heartbeat' };
  const value = parse(item.data);
  const failure = readError(item.event, value, item.data);
  if (failure) return failure;
  const text = item.event === 'message' ? readText(value) : undefined;
  return text === undefined
    ? { type: 'data', event: item.event, data: item.data }
    : { type: 'text-delta', text };
}

/** A whole answer that is no event stream: JSON or plain text. */
export function toWholeAnswer(body: string): AgentEvent {
  const value = parse(body);
  const failure = readError('message', value, body);
  if (failure) return failure;
  return { type: 'text-delta', text: readText(value) ?? body };
}

/** The value of a JSON document; text that is none stands for itself. */
function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isRecord(value)) return undefined;
  // Strands sends the same text twice, in `data` and in a model event: only the first is read.
  for (const name of ['data', 'text', 'response', 'result'] as const) {
    if (typeof value[name] === 'string') return value[name];
  }
  return undefined;
}

function readError(event: string, value: unknown, data: string): AgentEvent | undefined {
  if (isRecord(value) && typeof value['error'] === 'string') {
    const code = value['code'] ?? value['error_type'];
    return {
      type: 'error',
      message: value['error'],
      ...(typeof code === 'string' && { code }),
    };
  }
  return event === 'error' ? { type: 'error', message: data } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

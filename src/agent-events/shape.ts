import type { AgentEvent } from './agent-event.ts';
import { isJsonObject } from './json-value.ts';
import type { Message } from './said.ts';

/**
 * A finding of a shape in a value: an event, or text of which `Said` decides what is new. `plain` is a piece or a whole, nobody knows;
 * `last` is the last piece or the whole; `fallback` counts only when the stream says nothing else.
 */
export type Reading =
  | AgentEvent
  | { readonly type: 'plain'; readonly text: string; readonly source: string; readonly mayWrap?: boolean }
  | ({ readonly type: 'whole' } & Message)
  | { readonly type: 'last' | 'fallback'; readonly text: string }
  | { readonly type: 'transcript'; readonly messages: readonly Message[] };

/**
 * Frameworks send the same text several times: as a raw model event, as a digest of it, and in the complete message at the end.
 * The source that brings text first is read, all others are ignored.
 * @returns whether this source counts: the first that asks does
 */
export function createFirstSource(): (source: string) => boolean {
  let first: string | undefined;
  return (source) => {
    first ??= source;
    return first === source;
  };
}

/** Most calls that are told apart: a stream that never ends must not grow. */
const MAX_CALLS = 10_000;

/** The tool calls of a stream that are under way. */
export class ToolCalls {
  readonly #open = new Map<string, string>();
  /** Lists of all messages tell of a call again and again. */
  readonly #seen = new Set<string>();

  /** A call was named. Frameworks repeat it with every piece of its arguments: only the first counts. */
  start(name: unknown, id: unknown): readonly AgentEvent[] {
    if (typeof name !== 'string' || name === '') return [];
    if (typeof id !== 'string' || id === '') return [{ type: 'tool-start', name }];
    if (this.#seen.has(id) || this.#seen.size >= MAX_CALLS) return [];
    this.#seen.add(id);
    this.#open.set(id, name);
    return [{ type: 'tool-start', name, id }];
  }

  /** A result came. */
  end(id: unknown): readonly AgentEvent[] {
    const name = typeof id === 'string' ? this.#open.get(id) : undefined;
    if (typeof id !== 'string' || name === undefined) return [];
    this.#open.delete(id);
    return [{ type: 'tool-end', name, id }];
  }

  /** The model goes on: whatever was under way has its result, though the stream did not show it. */
  endAll(): readonly AgentEvent[] {
    return this.#open.size === 0 ? [] : [...this.#open.keys()].flatMap((id) => this.end(id));
  }
}

/**
 * The text of a message's content: a string, or the text blocks of a list (`{"text": "..."}` of Bedrock, `{"type": "text",
 * "text": "..."}` of Anthropic and LangChain). Reasoning, tool calls and results are none.
 * @returns the text; empty when there is none
 */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block: unknown) => {
      if (typeof block === 'string') return block;
      if (!isJsonObject(block) || typeof block['text'] !== 'string') return '';
      const type = block['type'] ?? 'text';
      return type === 'text' || type === 'text_delta' || type === 'output_text' ? block['text'] : '';
    })
    .join('');
}

/** The text of a member with reasoning: Bedrock and Mistral wrap it in objects and lists. */
export function reasoningIn(value: unknown): string {
  const inner = isJsonObject(value) ? (value['text'] ?? value['reasoningText']) : value;
  return contentText(isJsonObject(inner) ? inner['text'] : inner);
}

/**
 * Whether a value begins what its framework must end with a mark of its own: without that mark the agent broke off, though its
 * stream ended properly. Only begin marks that are always followed by an end mark count.
 */
export function opensRun(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  if (value['type'] === 'RUN_STARTED' || value['type'] === 'beforeInvocationEvent') return true;
  if (value['object'] === 'chat.completion.chunk') return hasRole(value['choices']);
  const event = isJsonObject(value['event']) ? value['event'] : value;
  return isJsonObject(event['messageStart']);
}

/** The first chunk of a message tells its role. */
function hasRole(choices: unknown): boolean {
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  return isJsonObject(choice) && isJsonObject(choice['delta']) && 'role' in choice['delta'];
}

function areOne(last: Reading, next: Reading): boolean {
  if (next.type === 'plain') return last.type === 'plain' && last.source === next.source;
  return last.type === next.type && ['text-delta', 'whole', 'fallback'].includes(next.type);
}

/** Neighbouring texts of one kind and origin are one: the blocks of a message. */
export function merged(readings: readonly Reading[]): readonly Reading[] {
  const list: Reading[] = [];
  for (const reading of readings) {
    const last = list.at(-1);
    if (last && 'text' in reading && 'text' in last && areOne(last, reading))
      list[list.length - 1] = { ...last, text: last.text + reading.text };
    else list.push(reading);
  }
  // The end comes behind what it ends.
  return [...list.filter(({ type }) => type !== 'finish'), ...list.filter(({ type }) => type === 'finish')];
}

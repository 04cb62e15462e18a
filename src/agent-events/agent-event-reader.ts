import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, parseStreamValue } from './json-value.ts';
import { createAgUi } from './ag-ui.ts';
import { plainPiece, plainWhole, readInBandError } from './plain-object.ts';
import { createLangGraph } from './langgraph.ts';
import { createOpenAiChunk } from './openai-chunk.ts';
import { opensRun, type Shape } from './shape.ts';
import { createStrandsPython, readPythonRepr } from './strands-python.ts';
import { createStrandsTypeScript } from './strands-typescript.ts';
import type { SseItem } from './sse.ts';

/** Reads the items of one stream. It remembers what it has read: no text comes out twice. */
export interface AgentEventReader {
  /** @returns at least one event; what the item says in a known shape, or else the item itself as `data` */
  read(item: SseItem): readonly AgentEvent[];
  /**
   * Call once, when the stream has ended properly.
   * @returns what only the end settles: text that was held back because more could follow
   */
  end(): readonly AgentEvent[];
  /** The framework has announced a run and has not ended it. */
  readonly awaitsFinish: boolean;
}

const NOTHING: readonly AgentEvent[] = [];
const HEARTBEAT: readonly AgentEvent[] = [{ type: 'heartbeat' }];
/** End mark of OpenAI's streams, and of many made after them. */
const DONE = '[DONE]';

/** A reader for one stream, whatever framework sends it. */
export function createAgentEventReader(): AgentEventReader {
  return new Reader();
}

/** Made when the first object comes: a stream of plain text needs none. */
interface Shapes {
  readonly strandsPython: Shape;
  readonly inOrder: readonly Shape[];
}

class Reader implements AgentEventReader {
  #shapes: Shapes | undefined;
  #awaitsFinish = false;
  #finished = false;
  /** The TypeScript SDK sends text as it is, the Python SDK as JSON: known from the first item that can be only one of them. */
  #textIs: 'raw' | 'json' | undefined;

  read(item: SseItem): readonly AgentEvent[] {
    // A comment without words is padding, or a nudge of ours (protocol.ts): bytes that came, and no event of any kind.
    if (item.type === 'comment') return item.text.trim() === '' ? NOTHING : HEARTBEAT;
    const events = this.#readData(item.event, item.data);
    if (!events || events.length === 0) {
      return [{ type: 'data', event: item.event, data: item.data }];
    }
    for (const { type } of events) {
      if (type !== 'finish') continue;
      this.#finished = true;
      this.#awaitsFinish = false;
    }
    return events;
  }

  end(): readonly AgentEvent[] {
    return NOTHING;
  }

  get awaitsFinish(): boolean {
    return this.#awaitsFinish;
  }

  #readData(event: string, data: string): readonly AgentEvent[] | undefined {
    if (data === DONE) return this.#finished ? undefined : [{ type: 'finish' }];
    const parsed = parseStreamValue(data);
    if (parsed.type === 'text') return this.#readText(event, data);
    const { value } = parsed;
    if (typeof value === 'string') this.#textIs ??= 'json';
    if (this.#textIs === 'raw' && event === 'message' && isRawText(value)) {
      return [{ type: 'text-delta', text: data }];
    }
    return this.#readValue(event, value);
  }

  #readText(event: string, data: string): readonly AgentEvent[] | undefined {
    if (event === 'error') return this.#readValue(event, data);
    const lines = data.includes('\n') ? this.#readLines(event, data) : undefined;
    if (lines) return lines;
    if (event !== 'message') return undefined;
    // A digit or a word may be JSON as well.
    if (!/^(?:-?\d|true$|false$)/.test(data)) this.#textIs ??= 'raw';
    return [{ type: 'text-delta', text: data }];
  }

  /** Samples in the AgentCore guide send events with no empty line between them: a decoder joins them into one of many lines. */
  #readLines(event: string, data: string): readonly AgentEvent[] | undefined {
    const values = data.split('\n').map(parseStreamValue);
    if (!values.every((line) => line.type === 'json')) return undefined;
    return values.flatMap((line) => this.#readValue(event, line.value) ?? []);
  }

  /** Events of a JSON value, or undefined when it says nothing that we know. */
  #readValue(event: string, value: unknown): readonly AgentEvent[] | undefined {
    if (typeof value === 'string' && event === 'message') return this.#readString(value);
    if (event !== 'error' && typeof value === 'object' && value !== null) {
      this.#shapes ??= createShapes();
      for (const shape of this.#shapes.inOrder) {
        const events = shape(value);
        if (!events) continue;
        if (opensRun(value)) this.#awaitsFinish = true;
        return events;
      }
    }
    const failure = readInBandError(event, value);
    if (failure) return [failure];
    const piece = event === 'message' && isJsonObject(value) ? plainPiece(value) : undefined;
    return piece === undefined ? undefined : [{ type: 'text-delta', text: piece }];
  }

  #readString(text: string): readonly AgentEvent[] {
    const printed = readPythonRepr(text);
    if (!printed) return [{ type: 'text-delta', text }];
    if (printed.data === undefined) return [];
    this.#shapes ??= createShapes();
    return this.#shapes.strandsPython({ data: printed.data, delta: {} }) ?? [];
  }
}

function createShapes(): Shapes {
  const strandsPython = createStrandsPython();
  return {
    strandsPython,
    inOrder: [
      // Before the Python one: its whole messages look the same but for the `type` beside them.
      createStrandsTypeScript(),
      strandsPython,
      createLangGraph(),
      createAgUi(),
      createOpenAiChunk(),
    ],
  };
}

/** In a raw stream, a quoted word, an array or `{}` is a token of the answer's text. */
function isRawText(value: unknown): boolean {
  if (Array.isArray(value)) return !value.some((entry) => isJsonObject(entry));
  return !isJsonObject(value) || Object.keys(value).length === 0;
}

/**
 * Reads an answer that came whole, not as an event stream.
 * @param contentType as the answer's header has it; JSON lines are read line by line, JSON by its members, all else as text
 * @returns nothing for an empty body
 */
export function readWholeAnswer(contentType: string, body: string): readonly AgentEvent[] {
  if (body.trim() === '') return [];
  if (/\b(?:x-)?(?:ndjson|jsonl|jsonlines)\b/i.test(contentType)) {
    const reader = createAgentEventReader();
    return body
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((data) => reader.read({ type: 'event', event: 'message', data: data.trim() }));
  }
  const parsed = /^text\//i.test(contentType) ? ({ type: 'text' } as const) : parseStreamValue(body.trim());
  if (parsed.type === 'text') return [{ type: 'text-delta', text: body }];
  const failure = readInBandError('message', parsed.value);
  return [failure ?? { type: 'text-delta', text: plainWhole(parsed.value) ?? body }];
}

import type { AgentEvent } from './agent-event.ts';
import { isJsonObject, parseJsonLines, parseStreamValue } from './json-value.ts';
import { ByConvention } from './by-convention.ts';
import { Doubt } from './doubt.ts';
import { usageIn } from './facts.ts';
import { membersOf } from './members.ts';
import { readFailure } from './failure.ts';
import { isEventList, pairOf } from './lists.ts';
import { type Frame, frameOf, textWithin } from './repeated-frame.ts';
import { DELTA, Said } from './said.ts';
import { closed, readDataLine, unwrap } from './wrapped.ts';
import { createFirstSource, opensRun, type Reading, ToolCalls } from './shape.ts';
import { strandsPart } from './strands-python.ts';
import { SseDecoder, type SseItem } from './sse.ts';

const NOTHING: readonly never[] = [];
const HEARTBEAT: readonly AgentEvent[] = [{ type: 'heartbeat' }];
/** End mark of OpenAI's streams, and of many made after them. */
const DONE = /^\s*\[(?:DONE|END)\]\s*$/i;
/** Readings that a stream of Strands repeats. */
const TEXTS: ReadonlySet<Reading['type']> = new Set(['text-delta', 'plain', 'reasoning-delta']);
/** How often an event may be wrapped in another. */
const MAX_WRAPS = 4;

/** Reads the items of one stream, whatever framework sends it. It remembers what it has read: no text comes out twice. */
export class AgentEventReader {
  readonly #said = new Said();
  readonly #tools = new ToolCalls();
  readonly #counts = createFirstSource();
  /** Made when the first object comes: a stream of plain text needs none. */
  #byConvention: ByConvention | undefined;
  #inner: SseDecoder | undefined;
  #awaitsFinish = false;
  #finished: AgentEvent | undefined;
  /** The frame of the event before, when that said one text. */
  #frame: Frame | undefined;
  /** The TypeScript SDK sends text as it is, the Python SDK as JSON: known from the first item that can be only one of them. */
  #textIs: 'raw' | 'json' | undefined;
  /** Every text so far was a JSON string itself. */
  #isQuoted: boolean | undefined;
  /** Text for the case that the stream has no other. */
  #fallback = '';
  readonly #doubt = new Doubt();
  /** Events have come within texts: this stream has no texts of another kind. */
  #wraps = false;
  /** The first half of a character that the model's pieces have cut in two. */
  #half = '';

  /** @returns at least one event; what the item says in a known shape, or else the item itself as `data` */
  read(item: SseItem): readonly AgentEvent[] {
    // A comment without words is padding, or a nudge of ours (protocol.ts): bytes that came, and no event of any kind.
    if (item.type === 'comment') return item.text.trim() === '' ? NOTHING : HEARTBEAT;
    const text = this.#frame && textWithin(this.#frame, item);
    if (this.#frame && text !== undefined) {
      // Made with its one event: a list that grows takes memory for 17.
      const fresh = this.#whole(this.#say(this.#frame.reading, text));
      return [fresh === '' ? { type: 'data', event: item.event, data: item.data } : { type: 'text-delta', text: fresh }];
    }
    const events: AgentEvent[] = [];
    this.#readNew(events, item.event, item.data);
    if (events.length === 0) events.push({ type: 'data', event: item.event, data: item.data });
    return events;
  }

  #readNew(events: AgentEvent[], event: string, data: string): void {
    const readings = this.#readData(event, data, 0) ?? NOTHING;
    for (const reading of readings) this.#resolve(events, reading);
    if (readings.length > 0)
      this.#frame = this.#doubt.isOpen ? undefined : frameOf(event, data, readings, this.#textIs === 'raw');
  }

  /**
   * Call once, when the stream has ended properly.
   * @returns what only the end settles: text that was held back because more could follow
   */
  end(): readonly AgentEvent[] {
    const text = this.#half + this.#rest();
    this.#half = '';
    return text === '' ? NOTHING : [{ type: 'text-delta', text }];
  }

  /** The framework has announced a run and has not ended it. */
  get awaitsFinish(): boolean {
    return this.#awaitsFinish;
  }

  /** Adds what is new in a reading. */
  #resolve(events: AgentEvent[], reading: Reading): void {
    switch (reading.type) {
      case 'text-delta':
      case 'plain':
        return this.#add(events, this.#say(reading, this.#settled(reading)));
      case 'whole':
        return this.#add(events, this.#said.messages([reading]));
      case 'last':
        return this.#add(events, this.#said.last(reading.text));
      case 'transcript':
        return this.#add(events, this.#said.messages(reading.messages));
      case 'fallback':
        if (this.#said.isEmpty && !this.#fallback.endsWith(reading.text)) this.#fallback += reading.text;
        return;
      case 'finish':
        this.#add(events, this.#rest());
        if (this.#isNews(reading)) events.push(reading);
        return;
      default:
        events.push(reading);
    }
  }

  #settled(reading: Frame['reading']): string {
    const isBare = reading.type === 'plain' && (reading.source === 'text' || reading.source === 'raw');
    return isBare ? this.#doubt.settle(reading.text, this.#said.isEmpty) : reading.text;
  }

  #say(from: Frame['reading'], text: string): string {
    return this.#said.piece(text, from.type === 'plain' ? from.source : DELTA);
  }

  #add(events: AgentEvent[], fresh: string): void {
    const text = this.#whole(fresh);
    if (text !== '') events.push({ type: 'text-delta', text });
  }

  /** A text is cut between the halves of a surrogate pair where a model's pieces are cut so: then the first half waits. */
  #whole(fresh: string): string {
    if (fresh === '') return '';
    this.#finished = undefined;
    const text = this.#half + fresh;
    const last = text.charCodeAt(text.length - 1);
    this.#half = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : '';
    return this.#half === '' ? text : text.slice(0, -1);
  }

  /** Text that was held back, at an end. */
  #rest(): string {
    const held = this.#said.end();
    if (!this.#said.isEmpty) return held;
    const text = this.#fallback || this.#doubt.end();
    this.#fallback = '';
    return this.#said.messages([{ text }]);
  }

  /** Frameworks tell an end at several levels: one of them is enough, unless a later one knows the reason better. */
  #isNews(end: AgentEvent & { readonly type: 'finish' }): boolean {
    this.#awaitsFinish = false;
    const before = this.#finished;
    if (before?.type === 'finish' && (end.reason === undefined || end.reason === 'stop' || end.reason === before.reason))
      return false;
    this.#finished = end;
    return true;
  }

  #readData(event: string, data: string, depth: number): readonly Reading[] | undefined {
    if (DONE.test(data)) return [{ type: 'finish' }];
    const parsed = parseStreamValue(data);
    if (parsed.type === 'text') return this.#readText(event, data, depth);
    const { value } = parsed;
    if (typeof value === 'string' && depth === 0) this.#textIs ??= 'json';
    if (this.#textIs === 'raw' && depth === 0 && event === 'message' && isRawText(value))
      return [{ type: 'plain', text: data, source: 'raw' }];
    return this.#readValue(event, value, depth);
  }

  #readText(event: string, data: string, depth: number): readonly Reading[] | undefined {
    // Samples in the AgentCore guide send events with no empty line between them: a decoder joins them into one of many lines.
    const lines = data.includes('\n') ? parseJsonLines(data) : undefined;
    if (lines) return lines.flatMap((value) => this.#readValue(event, value, depth) ?? []);
    const readings = this.#readString(event, data, depth);
    // A digit or a word may be JSON as well.
    const isText = readings?.length === 1 && readings[0]?.type === 'plain' && readings[0].source === 'text';
    if (isText && depth === 0 && !/^(?:-?\d|true$|false$)/.test(data)) this.#textIs ??= 'raw';
    return readings;
  }

  /** Readings of a JSON value, or undefined when it says nothing that we know. */
  #readValue(event: string, value: unknown, depth: number): readonly Reading[] | undefined {
    if (typeof value === 'string') return this.#readString(event, value, depth);
    const pair = event === 'message' && depth <= MAX_WRAPS ? pairOf(value) : undefined;
    if (pair) return this.#readValue(pair.event, pair.data, depth + 1);
    if (event === 'message' && depth <= MAX_WRAPS && isEventList(value)) {
      const readings = value.map((item) => this.#readValue(event, item, depth + 1));
      return readings.some((list) => list !== undefined) ? readings.flatMap((list) => list ?? NOTHING) : undefined;
    }
    const failure = readFailure(event, value);
    // An error beside a message of a framework is not the framework's own event, whose shape knows better.
    const isOwn = event !== 'message' || !isJsonObject(value) || typeof value['error'] === 'object';
    if (failure && isOwn) return [failure];
    if (typeof value !== 'object' || value === null) return failure && [failure];
    if (opensRun(value)) this.#awaitsFinish = true;
    if (failure) return [...(isJsonObject(value) ? usageIn(membersOf(value)) : []), failure];
    const strands = isJsonObject(value) ? strandsPart(value) : undefined;
    const readings = (this.#byConvention ??= new ByConvention(this.#tools)).read(event, strands?.value ?? value);
    return readings?.flatMap((reading) => {
      if (strands && TEXTS.has(reading.type) && !this.#counts(strands.source)) return NOTHING;
      if (reading.type !== 'plain' || !reading.mayWrap) return [reading];
      return this.#readWrapped('message', reading.text, depth) ?? [reading];
    });
  }

  #readString(event: string, text: string, depth: number): readonly Reading[] | undefined {
    const failure = readFailure(event, text);
    if (failure) return [failure];
    const wrapped = this.#readWrapped(event, text, depth);
    if (wrapped) return wrapped;
    if (event === 'message') return [{ type: 'plain', text: this.#unquote(text), source: 'text' }];
    return (this.#byConvention ??= new ByConvention(this.#tools)).read(event, { data: text });
  }

  /** `yield json.dumps(token)`: every text, the first one too, is in quotes. */
  #unquote(text: string): string {
    if (this.#isQuoted === false || text === '') return text;
    const parsed = text.startsWith('"') ? parseStreamValue(text) : undefined;
    const isQuoted = parsed?.type === 'json' && typeof parsed.value === 'string';
    this.#isQuoted = isQuoted && (this.#isQuoted ?? this.#said.isEmpty);
    return this.#isQuoted && isQuoted ? parsed.value : text;
  }

  /** An event within a text; undefined when the text is one. */
  #readWrapped(event: string, text: string, depth: number): readonly Reading[] | undefined {
    if (depth > MAX_WRAPS) return undefined;
    if (DONE.test(text)) return [{ type: 'finish' }];
    const wrapped = unwrap(text);
    switch (wrapped?.type) {
      case 'value':
        return this.#knownEvent(this.#readValue(event, wrapped.value, depth + 1));
      case 'data-line':
        return readDataLine(wrapped.code, wrapped.value);
      case 'sse':
        this.#inner ??= new SseDecoder();
        return this.#inner
          .push(closed(wrapped.text))
          .flatMap((item) => (item.type === 'event' && this.#readData(item.event, item.data, depth + 1)) || []);
      case 'printed':
        return this.#knownEvent(this.#readValue(event, wrapped.value, depth + 1)) ?? (wrapped.certain ? NOTHING : undefined);
      default:
        return undefined;
    }
  }

  /** Behind one event that was understood, an event that is not is none of the answer's texts. */
  #knownEvent(readings: readonly Reading[] | undefined): readonly Reading[] | undefined {
    if (readings) {
      this.#wraps = true;
      this.#doubt.drop();
    }
    return readings ?? (this.#wraps ? NOTHING : undefined);
  }
}

/** In a raw stream, a quoted word, an array or `{}` is a token of the answer's text. */
function isRawText(value: unknown): boolean {
  if (Array.isArray(value)) return !value.some((entry) => isJsonObject(entry));
  return !isJsonObject(value) || Object.keys(value).length === 0;
}

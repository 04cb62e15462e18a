import type { AgentEvent, StreamProblem } from './agent-event.ts';
import { AgentEventReader } from './agent-event-reader.ts';
import { EMPTY_FIELD, type Kind, kindOf, type Label, labelOf } from './content-kind.ts';
import { type JsonPiece, JsonSplitter } from './json-splitter.ts';
import { parseStreamValue } from './json-value.ts';
import { SseDecoder, type Decoded, type SseItem } from './sse.ts';
import { Utf8Decoder } from './utf8.ts';

const NOTHING: readonly AgentEvent[] = [];

/**
 * Reads the body of one answer, whatever its form: event stream, JSON lines, one JSON document, text. Where the Content-Type and the
 * content disagree, the content counts.
 */
export class AnswerReader {
  readonly #label: Label;
  readonly #onItem: (events: readonly AgentEvent[]) => void;
  readonly #utf8 = new Utf8Decoder();
  readonly #items = new AgentEventReader();
  readonly #sse = new SseDecoder();
  #json: JsonSplitter | undefined;
  #kind: Kind | undefined;
  /** Text whose kind is not known yet, or a line that is not complete. */
  #held = '';
  #strayLines = 0;
  /** The line before was data of the function's own event. */
  #hasData = false;
  #values = 0;
  #lastValue = '';
  /** Text or an error was read in a JSON answer. */
  #understood = false;
  #text: TextCheck | undefined;

  /**
   * @param contentType as the answer's header has it; empty when there was none
   * @param onItem told of each piece of the stream and what it says: an event, a line, a JSON value, a read of plain text
   */
  constructor(contentType: string, onItem: (events: readonly AgentEvent[]) => void = () => undefined) {
    this.#label = labelOf(contentType);
    this.#onItem = onItem;
  }

  /** @returns what these bytes completed. They may be split anywhere, within a character too. */
  push(bytes: Uint8Array): readonly AgentEvent[] {
    const text = this.#utf8.decode(bytes);
    if (this.#kind !== 'events') return this.#read(text, false);
    const data = this.#sse.readLine(text);
    return data === undefined
      ? this.#readAll(this.#sse.push(text))
      : this.#tell(this.#items.read({ type: 'event', event: 'message', data }));
  }

  /** Call once, when no more will come. @returns what only the end settles */
  end(): readonly AgentEvent[] {
    const isCut = this.#utf8.isWithinCharacter;
    const events = this.#read(isCut ? '\uFFFD' : '', true);
    const settled = this.#tell(this.#items.end());
    this.#understood ||= settled.length > 0;
    events.push(...settled);
    if (isCut) events.push(malformed('encoding', 'the answer ends within a character'));
    if (this.#text?.isBinary)
      events.push(...this.#keep('binary', ''), malformed('encoding', 'the answer is not text: compressed, or an image?'));
    return [...events, ...this.#wholeDocument()];
  }

  /** A document of a shape that nobody knows is shown as it is; it does not count as text, since nobody has understood it. */
  #wholeDocument(): readonly AgentEvent[] {
    const isDocument = this.#values === 1 && (this.#label === 'json' || this.#label === 'text');
    if (!isDocument || this.#understood || this.#lastValue === 'null') return NOTHING;
    return [{ type: 'text-delta', text: this.#lastValue }];
  }

  /** The framework has announced a run and has not ended it. */
  get awaitsFinish(): boolean {
    return this.#items.awaitsFinish;
  }

  /** Reads text of any kind; the kind is settled first. */
  #read(text: string, isEnd: boolean): AgentEvent[] {
    let next = text;
    if (!this.#kind) {
      this.#held += text;
      const comments = this.#label === 'events' ? this.#leadingComments() : [];
      this.#kind = kindOf(this.#label, this.#held, isEnd);
      if (!this.#kind) return comments;
      next = this.#held;
      this.#held = '';
      return [...comments, ...this.#readKind(this.#kind, next, isEnd)];
    }
    return this.#readKind(this.#kind, next, isEnd);
  }

  /** Comments come out at once: they are signs of life. */
  #leadingComments(): AgentEvent[] {
    const comments = /^(?:[\r\n]|:[^\r\n]*[\r\n])+/.exec(this.#held)?.[0] ?? '';
    this.#held = this.#held.slice(comments.length);
    return [...this.#readAll(this.#sse.push(comments))];
  }

  #readKind(kind: Kind, text: string, isEnd: boolean): AgentEvent[] {
    switch (kind) {
      case 'events':
        return [
          ...this.#readAll(this.#sse.push(text)),
          ...(isEnd ? this.#sse.end().flatMap((item) => this.#readOpenEvent(item)) : NOTHING),
        ];
      case 'json':
        return this.#readJson(text, isEnd);
      case 'text':
        return [...this.#say(text)];
      case 'text-lines':
        return this.#readLines(text, isEnd);
    }
  }

  #readAll(items: readonly Decoded[]): readonly AgentEvent[] {
    return items.flatMap((item) => this.#readItem(item));
  }

  #readItem(item: Decoded): readonly AgentEvent[] {
    if (item.type === 'stray') return this.#readStray(item.line);
    if (item.type === 'too-long') return [tooLong('an event', item.maxLength)];
    return this.#tell(this.#items.read(item));
  }

  #tell(events: readonly AgentEvent[]): readonly AgentEvent[] {
    if (events.length > 0) this.#onItem(events);
    return events;
  }

  /** The event that the stream has not closed. JSON that breaks off is kept back: nobody should read half an object as text. */
  #readOpenEvent(item: Decoded): readonly AgentEvent[] {
    if (item.type !== 'event') return this.#readItem(item);
    const lines = item.data.split('\n');
    const broken = /^[{["]/.test(item.data) && !isJsonText(item.data) ? lines.filter((line) => !isJsonText(line)) : [];
    if (broken.length === 0) return [...this.#readItem(item), malformed('unfinished-event', NOT_CLOSED)];
    const data = lines.filter((line) => !broken.includes(line)).join('\n');
    return [
      ...(data === '' ? NOTHING : this.#readItem({ ...item, data })),
      ...this.#keep(item.event, broken.join('\n')),
      malformed('unfinished-event', `the answer ends within an event: ${excerpt(broken.join(' '))}`),
    ];
  }

  /** A line of an event stream that is none of its fields. JSON is read all the same. */
  #readStray(line: string): AgentEvent[] {
    if (EMPTY_FIELD.test(line)) return [];
    this.#strayLines += 1;
    const told = this.#strayLines > 1 ? NOTHING : [noSse(line)];
    const isJson = /^\s*[{["]/.test(line) && isJsonText(line);
    const item: SseItem = { type: 'event', event: 'message', data: line };
    return [...told, ...(isJson ? this.#tell(this.#items.read(item)) : this.#keep('no-sse', line))];
  }

  #keep(event: string, data: string): readonly AgentEvent[] {
    return this.#tell([{ type: 'data', event, data }]);
  }

  #readJson(text: string, isEnd: boolean): AgentEvent[] {
    this.#json ??= new JsonSplitter();
    const events = this.#json.push(text).flatMap((piece) => this.#readPiece(piece));
    const last = isEnd ? this.#json.end() : undefined;
    if (!last) return events;
    if (last.type !== 'value' || isJsonText(last.text)) return [...events, ...this.#readPiece(last)];
    const problem = malformed('unfinished-event', `the answer ends within JSON: ${excerpt(last.text)}`);
    return [...events, ...this.#keep('unfinished', last.text), problem];
  }

  #readPiece(piece: JsonPiece): readonly AgentEvent[] {
    if (piece.type === 'too-long') return [tooLong('a JSON value', piece.maxLength)];
    if (piece.type === 'line' && this.#label === 'events') return this.#readLine(piece.text);
    if (piece.type === 'line' && /^[{["]/.test(piece.text)) return this.#keep('broken', piece.text);
    this.#values += 1;
    this.#lastValue = piece.text;
    const events = this.#tell(this.#items.read({ type: 'event', event: 'message', data: piece.text }));
    this.#understood ||= events.some(({ type }) => type === 'text-delta' || type === 'error');
    const told = this.#values === 1 && this.#label === 'events' ? [noSse(piece.text)] : NOTHING;
    return [...told, ...events];
  }

  /** Text in lines where an event stream was announced: the function may have put its comments and its last event between them. */
  #readLines(text: string, isEnd: boolean): AgentEvent[] {
    const lines = (this.#held + text).split(/(?<=\n)/);
    this.#held = isEnd || lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    return lines.flatMap((line) => this.#readLine(line));
  }

  #readLine(line: string): readonly AgentEvent[] {
    const closesEvent = this.#hasData && line.trim() === '';
    this.#hasData = line.startsWith('data:');
    if (closesEvent) return NOTHING;
    if (/^(?::|event:|data:|id:|retry:)/.test(line)) {
      const isLast = this.#hasData || line.startsWith(':');
      return this.#readAll(this.#sse.push(`${line.trimEnd()}\n${isLast ? '\n' : ''}`));
    }
    this.#strayLines += 1;
    const said = this.#say(line);
    return this.#strayLines === 1 && said !== NOTHING ? [noSse(line), ...said] : said;
  }

  /** Plain text, as it comes. */
  #say(text: string): readonly AgentEvent[] {
    this.#text ??= new TextCheck();
    if (text === '' || this.#text.isBinaryWith(text)) return NOTHING;
    return this.#tell([{ type: 'text-delta', text }]);
  }
}

const NOT_CLOSED = 'the last event is not closed by an empty line: browsers drop such an event';

/** Characters looked at to tell text from other bytes. */
const CHECKED_LENGTH = 1_000;
const MOST_BAD = 4;

/** Tells text from bytes that are none, by their beginning. */
class TextCheck {
  isBinary = false;
  #length = 0;
  #bad = 0;

  isBinaryWith(text: string): boolean {
    if (this.isBinary || this.#length >= CHECKED_LENGTH) return this.isBinary;
    this.#length += text.length;
    // oxlint-disable-next-line no-control-regex
    this.#bad += text.match(/[\0-\u0008\u000e-\u001a\uFFFD]/g)?.length ?? 0;
    this.isBinary = this.#bad > MOST_BAD && this.#bad * 10 > this.#length;
    return this.isBinary;
  }
}

function isJsonText(text: string): boolean {
  return parseStreamValue(text).type === 'json';
}

const SHOWN = 60;

function excerpt(text: string): string {
  const line = text.trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}

function malformed(problem: StreamProblem, detail: string): AgentEvent {
  return { type: 'malformed', problem, detail };
}

function noSse(line: string): AgentEvent {
  return malformed('no-sse', `lines that are not server-sent events, the first: ${excerpt(line)}`);
}

function tooLong(what: string, maxLength: number): AgentEvent {
  return malformed('event-too-long', `${what} is longer than ${maxLength} characters and was passed over`);
}

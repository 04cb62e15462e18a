import { createParser, type EventSourceParser } from 'eventsource-parser';

/** An event or comment of a stream. */
export type SseItem =
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly id?: string }
  | { readonly type: 'comment'; readonly text: string };

/** Findings of a decoder: items, and what does not belong into an event stream. */
export type Decoded =
  | SseItem
  /** A line that is neither a field nor a comment, without its line end. */
  | { readonly type: 'stray'; readonly line: string }
  /** In place of an event that is longer than the bound. */
  | { readonly type: 'too-long'; readonly maxLength: number };

/** Most of one event that is waited for, in characters: a stream without line ends must not fill the memory. */
const MAX_EVENT_LENGTH = 16_777_216;

/** Where parsers put what they find, during one `push`. */
let found: Decoded[] = [];

/** Keeps nothing from one text that ends with an empty line to the next: all streams can share it for those. */
const sharedParser = createItemParser();

/**
 * Decodes a server-sent event stream (HTML standard, "Parsing an event stream"). An event past the bound is told, and the stream is read
 * on behind it. Mostly a read holds whole events, and then a stream needs no parser of its own. With hundreds of streams it is the memory
 * touched for an event that costs: `npm run bench:receive`.
 */
export class SseDecoder {
  readonly #maxEventLength: number;
  /** While a read has ended within an event. */
  #parser: EventSourceParser | undefined;
  #endedInCr = false;
  /** The rest of an event that is too long is being passed over. */
  #skips = false;
  #endedInLf = false;

  /** @param maxEventLength the bound, in characters */
  constructor(maxEventLength = MAX_EVENT_LENGTH) {
    this.#maxEventLength = maxEventLength;
  }

  /** @returns the data of a text that is just one event with one line of data, as most reads are; otherwise `push` it */
  readLine(text: string): string | undefined {
    if (this.#parser || this.#skips || !isOneLineOfData(text)) return undefined;
    this.#endedInCr = false;
    return text.slice(DATA.length, -2);
  }

  /** Items that this text completed, in order. It may be split anywhere. */
  push(text: string): readonly Decoded[] {
    const items: Decoded[] = [];
    found = items;
    this.#take(this.#toLineFeeds(text));
    return items;
  }

  /** @returns what of the last event has come, when no empty line has closed it */
  end(): readonly Decoded[] {
    if (!this.#parser) return [];
    found = [];
    // The line brings out an event that has a name and no data as well.
    this.#parser.feed('\ndata:\n\n');
    this.#parser = undefined;
    return found
      .filter((item) => item.type !== 'event' || item.data !== '' || item.event !== 'message')
      .map((item) => (item.type === 'event' ? { ...item, data: item.data.replace(/\n$/, '') } : item));
  }

  #take(text: string): void {
    if (text === '') return;
    if (this.#skips) return this.#skip(text);
    const isWhole = endsBetweenEvents(text, this.#parser === undefined);
    if (isWhole && !this.#parser) return sharedParser.feed(text);
    this.#parser ??= createItemParser(this.#maxEventLength, () => {
      this.#skips = true;
      this.#endedInLf = text.endsWith('\n');
    });
    this.#parser.feed(text);
    if (isWhole || this.#skips) this.#parser = undefined;
  }

  /** Passes over text up to an empty line. */
  #skip(text: string): void {
    const rest = this.#endedInLf ? `\n${text}` : text;
    const end = rest.indexOf('\n\n');
    this.#endedInLf = rest.endsWith('\n');
    if (end === -1) return;
    this.#skips = false;
    this.#take(rest.slice(end + 2));
  }

  /** A CR ends its line at once, also when the LF of a CRLF may still come: an event must not wait for the next one. */
  #toLineFeeds(text: string): string {
    const rest = this.#endedInCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#endedInCr = text.endsWith('\r');
    return rest.includes('\r') ? rest.replaceAll(/\r\n?/g, '\n') : rest;
  }
}

const DATA = 'data: ';

/** Most reads are one event of one line, which needs no parser. */
function isOneLineOfData(text: string): boolean {
  const end = text.length - 2;
  return text.startsWith(DATA) && text.indexOf('\n') === end && text.endsWith('\n') && !text.includes('\r');
}

/** True behind an empty line, and behind one comment that follows it, as the function writes them. */
function endsBetweenEvents(text: string, beganBetweenEvents: boolean): boolean {
  if (text.endsWith('\n\n')) return true;
  const last = text.lastIndexOf('\n', text.length - 2) + 1;
  if (text[last] !== ':' || !text.endsWith('\n')) return false;
  return last === 0 ? beganBetweenEvents : text[last - 2] === '\n';
}

function createItemParser(maxBufferSize?: number, onOver?: () => void): EventSourceParser {
  const parser = createParser({
    maxBufferSize,
    onEvent: ({ event, data, id }) => {
      const name = event ?? 'message';
      found.push(id === undefined ? { type: 'event', event: name, data } : { type: 'event', event: name, data, id });
    },
    onComment: (comment) => found.push({ type: 'comment', text: comment }),
    onError: ({ type, line }) => {
      if (type === 'unknown-field') found.push({ type: 'stray', line: line ?? '' });
      if (type !== 'max-buffer-size-exceeded') return;
      onOver?.();
      found.push({ type: 'too-long', maxLength: maxBufferSize ?? Infinity });
    },
  });
  // A parser takes the bytes of a byte order mark, decoded as Latin-1, off its first text: here they are text of the stream.
  parser.feed('\n');
  return parser;
}

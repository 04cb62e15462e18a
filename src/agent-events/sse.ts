import { createParser, type EventSourceParser } from 'eventsource-parser';

/** An event or comment that a read completed. */
export type SseItem =
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly id?: string }
  | { readonly type: 'comment'; readonly text: string };

export interface SseDecoder {
  /** Items that these bytes completed, in order. Bytes may be split anywhere, within a character too. */
  push(bytes: Uint8Array): readonly SseItem[];
}

/** Most of one event that is waited for, in characters: a stream without line ends must not fill the memory. */
const MAX_EVENT_LENGTH = 16_777_216;

/**
 * Decodes a server-sent event stream. An event that its stream never closed with an empty line is not an event (HTML
 * standard, "end of stream"), so it never comes out. An event past the bound is replaced by an `error` event, the last that
 * comes.
 * @param maxEventLength the bound, in characters
 */
export function createSseDecoder(maxEventLength = MAX_EVENT_LENGTH): SseDecoder {
  return new Decoder(maxEventLength);
}

/** Where parsers put what they find, during one `push`. */
let found: SseItem[] = [];

/** Keeps nothing from one text that ends with an empty line to the next: all streams can share it for those. */
const sharedParser = createItemParser();

/**
 * Mostly a read holds whole events, and then a stream needs no parser of its own. With hundreds of streams it is the memory
 * touched for an event that costs: `npm run bench:receive`.
 */
class Decoder implements SseDecoder {
  readonly #maxEventLength: number;
  readonly #decode = createUtf8Decoder();
  /** While a read has ended within an event. */
  #parser: EventSourceParser | undefined;
  #endedInCr = false;
  #isOver = false;

  constructor(maxEventLength: number) {
    this.#maxEventLength = maxEventLength;
  }

  push(bytes: Uint8Array): readonly SseItem[] {
    const text = this.#toLineFeeds(this.#decode(bytes));
    const items: SseItem[] = [];
    if (text === '' || this.#isOver) return items;
    found = items;
    const isWhole = endsBetweenEvents(text, this.#parser === undefined);
    if (isWhole && !this.#parser) {
      sharedParser.feed(text);
      return items;
    }
    this.#parser ??= createItemParser(this.#maxEventLength, () => {
      this.#isOver = true;
    });
    this.#parser.feed(text);
    if (isWhole) this.#parser = undefined;
    return items;
  }

  /** A CR ends its line at once, also when the LF of a CRLF may still come: an event must not wait for the next one. */
  #toLineFeeds(text: string): string {
    const rest = this.#endedInCr && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#endedInCr = text.endsWith('\r');
    return rest.includes('\r') ? rest.replaceAll(/\r\n?/g, '\n') : rest;
  }
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
    onError: ({ type }) => {
      // Lines that are neither field nor comment are ignored, as the standard says.
      if (type !== 'max-buffer-size-exceeded') return;
      onOver?.();
      const data = `an event of the stream is longer than ${maxBufferSize} characters`;
      found.push({ type: 'event', event: 'error', data });
    },
  });
  // A parser takes the bytes of a byte order mark, decoded as Latin-1, off its first text: here they are text of the stream.
  parser.feed('\n');
  return parser;
}

/**
 * Decodes UTF-8 that comes in pieces cut anywhere. By hand, since TextDecoder with `stream` costs three times as much for the small
 * reads of a stream (`npm run bench:receive`). Bytes that are not UTF-8 become U+FFFD, a byte order mark at the very start is dropped.
 * @returns a function that takes the next bytes and returns what is complete; a character cut by the end never comes out
 */
function createUtf8Decoder(): (bytes: Uint8Array) => string {
  let rest: Uint8Array | undefined;
  let isStart = true;
  return (bytes) => {
    const all = toBuffer(rest ? Buffer.concat([rest, bytes]) : bytes);
    const tail = incompleteTail(all);
    // Copied: the read's own memory must not be held by a few bytes of it.
    rest = tail === 0 ? undefined : Uint8Array.from(all.subarray(all.length - tail));
    // Without arguments it is the faster.
    const text = tail === 0 ? all.toString() : all.toString('utf8', 0, all.length - tail);
    if (!isStart || text === '') return text;
    isStart = false;
    return text.codePointAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  };
}

const BYTE_ORDER_MARK = 0xfeff;

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** How many bytes at the end begin a character whose other bytes are still to come: 0 to 3. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? back : 0;
    }
  }
  return 0;
}

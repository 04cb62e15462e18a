import { type ClientResponse, WireError } from './response.ts';
import { EVENT_END, type FlushMode, HEAD_PAUSE_MS, LONGEST_EVENT_END, NUDGE } from '../src/protocol.ts';

/**
 * Silence after which a nudge goes out. Far below what a person notices, and above the pauses within one burst of the agent: a
 * stream that never pauses is never nudged.
 */
const NUDGE_AFTER_MS = 5;

/** The members of the response that an event stream uses. */
type Sink = Pick<ClientResponse, 'send' | 'congested' | 'end'>;

/**
 * The body of an answer that is an event stream. Bytes pass untouched; comments are inserted, only between two events.
 *
 * Some Lambda runtimes hold a small write until the next one (aws-lambda-nodejs-runtime-interface-client, issues 94 and 102). With
 * the flush modes `auto` and `pause` every pause is therefore followed by a nudge, once, so that what came before the pause goes out;
 * with a number no write is smaller than that.
 */
export class EventStream {
  readonly #response: Sink;
  readonly #boundary = createBoundaryTracker();
  readonly #paddedTo: number;
  readonly #nudges: boolean;
  #nudge: NodeJS.Timeout | undefined;

  /** For a response that has begun. A head that the runtime holds is not nudged: the nudge would count as the first byte. */
  constructor(response: Sink, flush: FlushMode) {
    this.#response = response;
    this.#paddedTo = typeof flush === 'number' ? flush : 0;
    this.#nudges = flush === 'auto' || flush === 'pause';
  }

  /**
   * Bytes of the agent, cut anywhere.
   * @returns false when the client is behind: wait for `drained`
   * @throws the failure of the response stream
   */
  write(chunk: Uint8Array | string): boolean {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.#nudge) this.#nudge.refresh();
    else if (this.#nudges) this.#nudge = setTimeout(() => this.fill(NUDGE), NUDGE_AFTER_MS);
    if (bytes.length >= this.#paddedTo) {
      this.#boundary.push(bytes);
      return this.#response.send(bytes);
    }
    return this.#response.send(this.#pad(bytes));
  }

  /** Puts a comment in, unless an event is open or the client is behind. */
  fill(comment: string): void {
    if (!this.#boundary.atBoundary() || this.#response.congested) return;
    const missing = this.#paddedTo - comment.length;
    this.#response.send(missing > 0 ? comment + this.#padding(missing) : comment);
  }

  /** Closes with an event of our own. One that was cut short must not swallow it. */
  end(event = ''): void {
    const text = event !== '' && !this.#boundary.atBoundary() ? `\n\n${event}` : event;
    if (text !== '') this.#response.send(text);
    this.#response.end();
    this.close();
  }

  /** Nothing is put in any more. */
  close(): void {
    clearTimeout(this.#nudge);
  }

  /** Behind the bytes or, when those end within an event, before them; a piece of an event from its midst cannot be padded. */
  #pad(bytes: Uint8Array): Uint8Array {
    const before = this.#boundary.atBoundary();
    this.#boundary.push(bytes);
    const padding = Buffer.from(this.#padding(this.#paddedTo - bytes.length));
    if (this.#boundary.atBoundary()) return Buffer.concat([bytes, padding]);
    return before ? Buffer.concat([padding, bytes]) : bytes;
  }

  #padding(bytes: number): string {
    return `:${' '.repeat(Math.max(0, bytes - NUDGE.length))}\n`;
  }
}

/** The time that the head of a response has for itself; undefined when the flush mode gives it none. */
export function headStart(flush: FlushMode): Promise<void> | undefined {
  if (flush === 'off') return undefined;
  return new Promise((resolve) => {
    if (flush === 'pause') setTimeout(resolve, HEAD_PAUSE_MS);
    else setImmediate(resolve);
  });
}

/**
 * Tells whether the bytes so far end between two SSE events, the only place where something may be put in. Takes a copy of the last
 * few bytes at each chunk, and looks at them only when it is asked.
 */
export function createBoundaryTracker() {
  const tail = Buffer.from('\n\n\n\n', 'latin1');
  return {
    push(chunk: Uint8Array): void {
      const { length } = chunk;
      if (length < LONGEST_EVENT_END) tail.copyWithin(0, length);
      const from = Math.max(0, length - LONGEST_EVENT_END);
      for (let at = from; at < length; at += 1) tail[LONGEST_EVENT_END - length + at] = chunk[at] ?? 0;
    },
    /** True at the start of the stream and after an empty line. */
    atBoundary: (): boolean => EVENT_END.test(tail.toString('latin1')),
  };
}

/** Turns the chunks of an answer that is not an event stream into events. */
export interface EventWrapper {
  /** @returns bytes that can go out */
  push(chunk: Uint8Array): Uint8Array | undefined;
  /** @returns what closes the last event; nothing of an empty answer */
  end(): Uint8Array | undefined;
}

/**
 * How an answer gets into an event stream that has begun: lines of JSON are an event each, text is an event for each of its chunks, and
 * anything else is one event.
 * @param first its first bytes: agents announce one form and send another
 * @returns undefined when it consists of events already
 * @throws {WireError} for bytes that no event can carry
 */
export function createWrapper(contentType: string, first: Uint8Array): EventWrapper | undefined {
  const text = Buffer.from(first).toString('latin1');
  if (/^[\r\n]*(?:data|event|id|retry):/.test(text)) return undefined;
  const head = text.trimStart();
  if (head.startsWith(GZIP)) throw new WireError('AGENT_ERROR', 'the agent answered compressed (gzip), unasked');
  if (/ndjson|jsonl|json-lines/i.test(contentType)) return wrapPieces(LINES);
  return /^text\//i.test(contentType) && !/^[{["]/.test(head) ? wrapPieces(TEXT) : wrapAsEvent();
}

/** First bytes of a gzip file (RFC 1952), as Latin-1. */
const GZIP = '\u001f\u008b';

const LINE_END = /\r\n|\r|\n/g;

/** The end of the bytes so far, as Latin-1, that must wait: the last line, or a character or CRLF that is cut. */
const LINES = /[^\n]*$/;
const TEXT = /(?:\r|[\u00c0-\u00ff]|[\u00e0-\u00ff][\u0080-\u00bf]|[\u00f0-\u00ff][\u0080-\u00bf]{2})?$/;

/** Works in bytes: neither the answer's length nor its characters matter. */
function wrapPieces(waiting: RegExp): EventWrapper {
  let held = '';
  const toEvents = (text: string): Buffer | undefined => {
    const pieces = waiting === LINES ? text.split(LINE_END).filter((line) => line.trim() !== '') : [text];
    const events = pieces.map((piece) => `data: ${piece.replaceAll(LINE_END, '\ndata: ')}\n\n`);
    return text === '' ? undefined : Buffer.from(events.join(''), 'latin1');
  };
  return {
    push(chunk) {
      const text = held + Buffer.from(chunk).toString('latin1');
      held = waiting.exec(text)?.[0] ?? '';
      return toEvents(text.slice(0, text.length - held.length));
    },
    end: () => toEvents(held),
  };
}

/** Until then the event is not opened, so that keep-alive comments can go out while the answer is made; a longer one streams. */
const HELD_BYTES = 262_144;

/** Works in bytes: neither the answer's length nor its characters matter. */
export function wrapAsEvent(heldBytes = HELD_BYTES): EventWrapper {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let isOpen = false;
  /** A CR at the end of a chunk may be half of a CRLF. */
  let heldCr = '';

  const toData = (): string => {
    const text = heldCr + Buffer.concat(held).toString('latin1');
    held = [];
    heldCr = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - heldCr.length).replaceAll(LINE_END, '\ndata: ');
    const opening = isOpen ? '' : 'data: ';
    isOpen = true;
    return opening + lines;
  };

  return {
    push(chunk) {
      held.push(chunk);
      bytes += chunk.length;
      return bytes > heldBytes ? Buffer.from(toData(), 'latin1') : undefined;
    },
    end() {
      if (bytes === 0) return undefined;
      return Buffer.from(`${toData()}${heldCr && '\ndata: '}\n\n`, 'latin1');
    },
  };
}

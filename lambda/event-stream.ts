import { type FlushMode, NUDGE } from '../src/protocol.ts';
import { createBoundaryTracker } from './event-boundary.ts';
import type { ClientResponse } from './response.ts';

/**
 * Silence after which a nudge goes out. Far below what a person notices, and above the pauses within one burst of the agent: a
 * stream that never pauses is never nudged.
 */
const NUDGE_AFTER_MS = 5;

/** What an event stream needs of the response that it is the body of. */
type Sink = Pick<ClientResponse, 'send' | 'congested' | 'end'>;

const NEWLINES = '\n\n';

/**
 * The body of an answer that is an event stream. Bytes go through untouched; what is put in are comments, between two events only.
 *
 * Some Lambda runtimes hold a small write until the next one (aws-lambda-nodejs-runtime-interface-client, issues 94 and 102). With
 * the flush mode `auto` every pause is therefore followed by a nudge, once, so that what came before the pause goes out; with a
 * number no write is smaller than that.
 */
export class EventStream {
  readonly #response: Sink;
  readonly #boundary = createBoundaryTracker();
  readonly #paddedTo: number;
  readonly #nudges: boolean;
  #nudge: NodeJS.Timeout | undefined;

  /** For a response that has just begun. A head that is held waits for the first event: a nudge for it would be the first byte. */
  constructor(response: Sink, flush: FlushMode) {
    this.#response = response;
    this.#paddedTo = typeof flush === 'number' ? flush : 0;
    this.#nudges = flush === 'auto';
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
    const text = event !== '' && !this.#boundary.atBoundary() ? NEWLINES + event : event;
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
    return `:${' '.repeat(Math.max(0, bytes - 1 - NEWLINES.length))}${NEWLINES}`;
  }
}

import type { Fault } from '../faults/fault.ts';
import type { Readable } from 'node:stream';

/** Why an invocation failed, as the function or Lambda itself reports it. */
export interface InvocationFailure {
  /** `Error`, `Runtime.ExitError`, `Sandbox.Timedout`, ... */
  readonly errorType: string;
  readonly errorMessage: string;
  /** Before it had sent anything, in the trailers of its response, or because its environment is gone, at any time. */
  readonly when: 'before-response' | 'mid-stream' | 'timeout' | 'crash';
  /** The error object as JSON: the payload of a failed `Invoke`, the `ErrorDetails` of a failed stream. */
  readonly details: string;
}

export type InvocationCompletion = { readonly type: 'ok' } | ({ readonly type: 'error' } & InvocationFailure);

/** A failure that Lambda itself reports. */
export function platformFailure(when: InvocationFailure['when'], errorType: string, errorMessage: string): InvocationFailure {
  return { errorType, errorMessage, when, details: JSON.stringify({ errorType, errorMessage }) };
}

export function responseTooLarge(when: InvocationFailure['when'], maxBytes: number): InvocationFailure {
  const message = `Response payload size exceeded maximum allowed payload size (${maxBytes} bytes).`;
  return platformFailure(when, 'Function.ResponseSizeTooLarge', message);
}

/** All bytes; undefined when there are more than allowed. Always reads to the end. */
export async function readUpTo(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** The event of an invocation, and how it runs. */
interface InvocationInput {
  readonly requestId: string;
  readonly functionArn: string;
  readonly event: Buffer;
  readonly mode: 'streaming' | 'buffered';
  /** Faults that the request asked for: they meet the calls of the function. */
  readonly faults?: readonly Fault[];
  /** Number of writes after which the function's process dies. */
  readonly crashAfterWrites?: number;
  /** How long the end of the head waits for the first payload, to leave in one chunk with it, ms; by default it does not wait. */
  readonly joinHeadMs?: number;
  /** Whether the function traces. X-Ray samples some invocations, the emulator all of them. */
  readonly isTraced?: boolean;
}

/** One run of a function, from its event to the end of its response. Only the first outcome counts. */
export class Invocation {
  readonly input: InvocationInput;
  readonly payload = new ResponsePayload();
  /** The response's content type, as soon as it is known or the invocation has failed. */
  readonly begun: Promise<string>;
  readonly completion: Promise<InvocationCompletion>;
  /** Its log, once it is complete; set when a function begins to run it. */
  log: Promise<string> | undefined;
  #begin!: (contentType: string) => void;
  #settle!: (completion: InvocationCompletion) => void;
  #state: 'waiting' | 'responding' | 'settled' = 'waiting';

  constructor(input: InvocationInput) {
    this.input = input;
    this.begun = new Promise((resolve) => (this.#begin = resolve));
    this.completion = new Promise((resolve) => (this.#settle = resolve));
  }

  get state(): 'waiting' | 'responding' | 'settled' {
    return this.#state;
  }

  begin(contentType: string): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'responding';
    this.#begin(contentType);
  }

  succeed(): void {
    this.#finish({ type: 'ok' });
  }

  fail(failure: InvocationFailure): void {
    this.#finish({ type: 'error', ...failure });
  }

  #finish(completion: InvocationCompletion): void {
    if (this.#state === 'settled') return;
    this.#state = 'settled';
    this.#begin('application/json');
    this.payload.end();
    this.#settle(completion);
  }
}

/** Buffered bytes above which the function has to wait. */
const HIGH_WATER_MARK_BYTES = 65_536;

/**
 * The bytes of one response between the function and its only consumer, chunk by chunk as the function wrote them. A consumer that does
 * not pull pauses the source. When it stops early, the rest is read and discarded, because a function never learns that its client has
 * gone.
 */
class ResponsePayload implements AsyncIterable<Buffer> {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #discarding = false;
  #source: Readable | undefined;
  #wake: (() => void) | undefined;

  /** Reads a stream up to a number of bytes; `end` ends the payload. @param onOverflow called once, when there are more bytes */
  readFrom(source: Readable, maxBytes: number, onOverflow: () => void): void {
    this.#source = source;
    let left = maxBytes;
    source.on('data', (chunk: Buffer) => {
      const overflows = left >= 0 && chunk.length > left;
      this.push(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (overflows) onOverflow();
    });
  }

  push(chunk: Buffer): void {
    if (this.#ended || this.#discarding || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > HIGH_WATER_MARK_BYTES) this.#source?.pause();
    this.#wake?.();
  }

  /** No more bytes; those that have arrived can still be read. */
  end(): void {
    this.#ended = true;
    this.#source?.resume();
    this.#wake?.();
  }

  discard(): void {
    this.#discarding = true;
    this.#chunks.length = 0;
    this.#source?.resume();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          this.#bytes -= chunk.length;
          if (this.#bytes <= HIGH_WATER_MARK_BYTES) this.#source?.resume();
          yield chunk;
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.discard();
    }
  }
}

import type { Readable } from 'node:stream';

/** Bytes that may wait here before the function is made to wait. */
const HIGH_WATER_MARK_BYTES = 65_536;

/**
 * The bytes of one response between the function and its one consumer: chunk by chunk as the function wrote them. A consumer
 * that does not pull stops the source; one that leaves early lets the rest be read and thrown away, for a function is never
 * told that its client has gone.
 */
export class ResponsePayload implements AsyncIterable<Buffer> {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #discarding = false;
  #source: Readable | undefined;
  #wake: (() => void) | undefined;

  /**
   * Takes the bytes from a stream, so many at most; its end is announced by `end`, not by the stream.
   * @param onOverflow called once, when there are more
   */
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

  /** No more bytes; what has arrived can still be read. */
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
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.discard();
    }
  }
}

/** Tells whether the bytes so far end between two SSE events, the only place where something may be put in. */
export interface BoundaryTracker {
  push(chunk: Uint8Array): void;
  /** True at the start of the stream and after an empty line. */
  atBoundary(): boolean;
}

/** A line ends with CRLF, CR or LF (HTML standard, server-sent events); two ends in a row close an event. */
const EMPTY_LINE = /(?:\n\n|\r\r|\r\n\r\n|\n\r\n|\r\n\n)$/;

const LONGEST_EMPTY_LINE = 4;

/** Takes a copy of the last few bytes at each chunk, and looks at them only when it is asked. */
export function createBoundaryTracker(): BoundaryTracker {
  const tail = Buffer.from('\n\n\n\n', 'latin1');
  return {
    push(chunk) {
      const { length } = chunk;
      if (length < LONGEST_EMPTY_LINE) tail.copyWithin(0, length);
      const from = Math.max(0, length - LONGEST_EMPTY_LINE);
      for (let at = from; at < length; at += 1) {
        tail[LONGEST_EMPTY_LINE - length + at] = chunk[at] ?? 0;
      }
    },
    atBoundary: () => EMPTY_LINE.test(tail.toString('latin1')),
  };
}

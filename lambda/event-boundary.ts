/** Tells whether the bytes so far end between two SSE events, the only place where something may be put in. */
export interface BoundaryTracker {
  push(chunk: Uint8Array): void;
  /** True at the start of the stream and after an empty line. */
  atBoundary(): boolean;
}

/** A line ends with CRLF, CR or LF (HTML standard, server-sent events); two ends in a row close an event. */
const EMPTY_LINE = /(?:\n\n|\r\r|\r\n\r\n|\n\r\n|\r\n\n)$/;

const LONGEST_EMPTY_LINE = 4;

export function createBoundaryTracker(): BoundaryTracker {
  let tail = '\n\n';
  return {
    push(chunk) {
      const end = Buffer.from(chunk.subarray(-LONGEST_EMPTY_LINE)).toString('latin1');
      tail = (tail + end).slice(-LONGEST_EMPTY_LINE);
    },
    atBoundary: () => EMPTY_LINE.test(tail),
  };
}

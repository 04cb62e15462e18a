import { type Clock, REAL_CLOCK } from './clock.ts';

/** How fast a stream may be. */
export interface Bandwidth {
  /** Bytes at its beginning that go as fast as they can. */
  readonly freeBytes: number;
  /** What goes in a second after that. */
  readonly bytesPerSecond: number;
}

/** Gives out a chunk in the pieces, and at the moments, that a bandwidth allows. */
export type Pacer = (chunk: Buffer) => AsyncGenerator<Buffer>;

/** A longer chunk goes out piece by piece, as it would over a slow line. */
const PIECE_BYTES = 65_536;
/** How far a stream may be ahead, to make up for timers that are late. */
const CATCH_UP_MS = 50;

/**
 * Keeps one stream to a bandwidth. Time in which nothing was sent is not saved up.
 * @param input.until from then on nothing waits any more: nobody reads the stream
 */
export function createPacer(
  { freeBytes, bytesPerSecond }: Bandwidth,
  { clock = REAL_CLOCK, until }: { readonly clock?: Clock; readonly until?: Promise<void> } = {},
): Pacer {
  const over = new AbortController();
  void until?.then(() => over.abort());
  let free = freeBytes;
  let dueMs = -Infinity;

  const wait = async (bytes: number): Promise<void> => {
    const now = clock.now();
    const costMs = (bytes / bytesPerSecond) * 1_000;
    dueMs = Math.max(dueMs, now - Math.min(costMs, CATCH_UP_MS)) + costMs;
    // An abort only means that nobody waits any more.
    if (dueMs > now) await clock.sleep(dueMs - now, over.signal).catch(() => undefined);
  };

  return async function* (chunk) {
    const first = chunk.subarray(0, free);
    free -= first.length;
    if (first.length > 0) yield first;
    for (let at = first.length; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      if (!over.signal.aborted) await wait(piece.length);
      yield piece;
    }
  };
}

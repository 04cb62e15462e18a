import { type Clock, REAL_CLOCK } from './clock.ts';

/** A longer chunk is sent in pieces, as over a slow line. */
const PIECE_BYTES = 65_536;
/** How far a stream may run ahead, to make up for late timers. */
const CATCH_UP_MS = 50;

/**
 * Yields chunks in pieces at a bandwidth, after bytes at the beginning without a limit; idle time adds no later burst.
 * @param input.until ends all waits
 */
export function createBandwidthPacer(
  { freeBytes, bytesPerSecond }: { readonly freeBytes: number; readonly bytesPerSecond: number },
  { clock = REAL_CLOCK, until }: { readonly clock?: Clock; readonly until?: Promise<void> } = {},
): (chunk: Buffer) => AsyncGenerator<Buffer> {
  const over = new AbortController();
  void until?.then(() => over.abort());
  let free = freeBytes;
  let dueMs = -Infinity;

  const wait = async (bytes: number): Promise<void> => {
    const now = clock.now();
    const costMs = (bytes / bytesPerSecond) * 1_000;
    dueMs = Math.max(dueMs, now - Math.min(costMs, CATCH_UP_MS)) + costMs;
    // An abort only ends the wait.
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

/** Tokens added per second, and the capacity. */
export type Rates = { readonly rate: number; readonly burst: number };

/**
 * A token bucket, full at the start: each call takes a token while there are any. API Gateway and the other AWS services throttle by this algorithm (developer guide, "Throttle requests to your
 * REST APIs").
 * @param now ms, monotonic
 */
export function createTokenBucket({ rate, burst }: Rates, now: () => number) {
  let tokens = burst;
  let filledAt = now();
  return {
    /** @returns false when the bucket is empty: the call must be refused */
    take(): boolean {
      const at = now();
      tokens = Math.min(burst, tokens + ((at - filledAt) / 1_000) * rate);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

/** Token buckets by key. A key with other rates than before has a new bucket. @param now ms, monotonic */
export function createTokenBuckets(now: () => number) {
  const buckets = new Map<string, ReturnType<typeof createTokenBucket>>();
  return {
    /** @returns false when the bucket of the key is empty */
    take(name: string, rates: Rates): boolean {
      const key = `${name} ${rates.rate} ${rates.burst}`;
      const bucket = buckets.get(key) ?? createTokenBucket(rates, now);
      buckets.set(key, bucket);
      return bucket.take();
    },
  };
}

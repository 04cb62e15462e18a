/** A token bucket: each call takes a token while there are any. */
export interface TokenBucket {
  /** @returns false when the bucket is empty: the call must be refused */
  take(): boolean;
}

/**
 * Full at the start. API Gateway and the other AWS services throttle by this algorithm (developer guide, "Throttle requests to your
 * REST APIs").
 * @param input.rate tokens added per second
 * @param input.burst capacity
 * @param now ms, monotonic
 */
export function createTokenBucket(
  { rate, burst }: { readonly rate: number; readonly burst: number },
  now: () => number,
): TokenBucket {
  let tokens = burst;
  let filledAt = now();
  return {
    take() {
      const at = now();
      tokens = Math.min(burst, tokens + ((at - filledAt) / 1_000) * rate);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

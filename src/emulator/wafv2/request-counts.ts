/** How many requests there were lately, by key. */
export interface RequestCounts {
  /**
   * Counts one more request of the key.
   * @returns how many it had within the window, this one included
   */
  add(key: string, windowMs: number): number;
}

/**
 * Looks back from the current time (WAF developer guide, "Rate-based rule high-level settings").
 * @param now ms, monotonic
 */
export function createRequestCounts(now: () => number): RequestCounts {
  const counts = new Map<string, { times: number[]; first: number }>();
  return {
    add(key, windowMs) {
      const at = now();
      const count = counts.get(key) ?? { times: [], first: 0 };
      counts.set(key, count);
      count.times.push(at);
      // This request itself is always within.
      while (
        count.first < count.times.length - 1 &&
        (count.times[count.first] ?? at) <= at - windowMs
      ) {
        count.first += 1;
      }
      // What is over goes when it is the greater part: each time is moved once or twice.
      if (count.first > count.times.length / 2) {
        count.times = count.times.slice(count.first);
        count.first = 0;
      }
      return count.times.length - count.first;
    },
  };
}

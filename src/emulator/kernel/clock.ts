import { setTimeout as delay } from 'node:timers/promises';

/** A source of time; tests pass their own. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number;
  /** @throws when the signal is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay of a Node.js timer; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clock of this machine. A sleep does not keep the process alive. */
export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0; left -= LONGEST_DELAY_MS) {
      const options = { ref: false, ...(signal && { signal }) };
      await delay(Math.min(left, LONGEST_DELAY_MS), undefined, options);
    }
  },
};

/**
 * The scale of time divides limits on waiting, so that a person can see them reached. It is one factor for the whole emulator.
 *
 * - `scaleWait` divides limits on silence and idleness: API Gateway's idle timeouts, idle execution environments, idle runtime sessions.
 *   It also divides how long something is remembered: the answer of a Lambda authorizer, and the requests that a rate-based rule of AWS
 *   WAF counts.
 * - `scaleLength` divides limits on the length of work, but not to less than a minute, so that an answer still has room: integration
 *   timeouts, the 15 minutes of a stream, function timeouts (and with them `getRemainingTimeInMillis`), AgentCore's stream cap, its
 *   request timeout and the lifetime of a session.
 * - Everything else keeps its value: rates, quotas, sizes, bandwidths, the duration and the limit of a start, and the times of faults.
 */
const SHORTEST_SCALED_LENGTH_MS = 60_000;

/** A limit on silence, ms. */
export function scaleWait(ms: number, timeScale: number): number {
  return ms / timeScale;
}

/** A limit on a length, ms. A limit of less than a minute stays as it is. */
export function scaleLength(ms: number, timeScale: number): number {
  return Math.max(ms / timeScale, Math.min(ms, SHORTEST_SCALED_LENGTH_MS));
}

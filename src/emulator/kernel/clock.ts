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

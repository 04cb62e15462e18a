/** How long is waited for what, ms. */
export interface StackTiming {
  /** First time between two questions; it grows to the next two. */
  readonly firstPollMs: number;
  /** Most time between two questions while nothing is in flight, and while something is. */
  readonly pollMs: number;
  readonly pollInFlightMs: number;
  /** How long AWS may be out of reach, or refuse to be asked that often. */
  readonly patienceMs: number;
  /** First time between two attempts in that state; doubled up to the next one. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** Before a deletion is tried again that API Gateway has throttled. */
  readonly throttledDeleteMs: number;
}

/** With one question a poll these stay below 1.5 calls a second, all else included. */
export const STACK_TIMING: StackTiming = {
  firstPollMs: 250,
  pollMs: 2_000,
  pollInFlightMs: 1_000,
  patienceMs: 300_000,
  retryMs: 1_000,
  maxRetryMs: 10_000,
  // Developer guide of API Gateway, "Amazon API Gateway quotas": DeleteRestApi once in 30 seconds per account and Region.
  throttledDeleteMs: 30_000,
};

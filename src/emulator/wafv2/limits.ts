/** Limits of AWS WAF. */
export interface WafLimits {
  /** Smallest limit of a rate-based rule, requests in its window. */
  readonly lowestRateLimit: number;
  /** Divides evaluation windows (`kernel/clock.ts`); the emulator's own option sets it. */
  readonly timeScale: number;
}

/** WAF developer guide, "Rate-based rule high-level settings", evaluation window: the valid settings, s. */
export const EVALUATION_WINDOWS_SECONDS: readonly number[] = [60, 120, 300, 600];
/** Same page: 5 minutes by default. */
export const DEFAULT_EVALUATION_WINDOW_SECONDS = 300;

/** The limits as AWS has them. Same page: "The lowest limit setting allowed is 10". */
export const WAF_LIMITS: WafLimits = { lowestRateLimit: 10, timeScale: 1 };

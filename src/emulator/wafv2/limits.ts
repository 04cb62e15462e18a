/** Limits of AWS WAF. */
export interface WafLimits {
  /** Smallest limit of a rate-based rule, requests in its window. */
  readonly lowestRateLimit: number;
  /** Divides evaluation windows (`time-scale.ts`); the emulator's own option sets it. */
  readonly timeScale: number;
}

/** WAF developer guide, "Rate-based rule high-level settings": "The lowest limit setting allowed is 10". */
const LOWEST_RATE_LIMIT = 10;

/** Same page, evaluation window: the valid settings, s. */
export const EVALUATION_WINDOWS_SECONDS: readonly number[] = [60, 120, 300, 600];
/** Same page: 5 minutes by default. */
export const DEFAULT_EVALUATION_WINDOW_SECONDS = 300;

/** The limits as AWS has them. */
export const WAF_LIMITS: WafLimits = { lowestRateLimit: LOWEST_RATE_LIMIT, timeScale: 1 };

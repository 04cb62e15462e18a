/** WAF developer guide, "Rate-based rule high-level settings", evaluation window: the valid settings, s. */
export const EVALUATION_WINDOWS_SECONDS: readonly number[] = [60, 120, 300, 600];
/** Same page: 5 minutes by default. */
export const DEFAULT_EVALUATION_WINDOW_SECONDS = 300;

export const WAF_LIMITS = {
  /** Smallest limit of a rate-based rule, requests in its window (same page: "The lowest limit setting allowed is 10"). */
  lowestRateLimit: 10,
  /** Divides evaluation windows (`kernel/clock.ts`); the emulator's own option sets it. */
  timeScale: 1,
};

export type WafLimits = Readonly<typeof WAF_LIMITS>;

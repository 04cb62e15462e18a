/** Limits of CloudWatch Logs. A test or a user can set every member. */
export const LOGS_LIMITS = {
  /** Events in one page of FilterLogEvents (API reference). */
  pageEvents: 10_000,
  /** Bytes of their messages: 1 MB (same page). */
  pageBytes: 1_048_576,
  /** Events that a log group keeps; the oldest are dropped. The emulator's own limit: AWS keeps all events for their retention time. */
  keptEvents: 10_000,
  /** Whether a metric filter takes `"12"` for 12. Not documented. */
  countQuotedNumbers: true as boolean,
};

export type LogsLimits = Readonly<typeof LOGS_LIMITS>;

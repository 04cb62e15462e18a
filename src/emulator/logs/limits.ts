/** Limits of CloudWatch Logs. A test or a user can set every member. */
export interface LogsLimits {
  /** Events in one page of FilterLogEvents. */
  readonly pageEvents: number;
  /** Bytes of their messages. */
  readonly pageBytes: number;
  /** Events that a log group keeps; the oldest are dropped. The emulator's own limit: AWS keeps all events for their retention time. */
  readonly keptEvents: number;
}

/** API reference, FilterLogEvents: at most 10,000 events or 1 MB in a page. */
export const LOGS_LIMITS: LogsLimits = {
  pageEvents: 10_000,
  pageBytes: 1_048_576,
  keptEvents: 10_000,
};

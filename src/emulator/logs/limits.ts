/** What CloudWatch Logs allows; every member can be set by a test or a user. */
export interface LogsLimits {
  /** Events in one page of FilterLogEvents. */
  readonly pageEvents: number;
  /** Bytes of their messages. */
  readonly pageBytes: number;
  /** Events that a log group keeps, the oldest go first. The emulator's own: AWS keeps all until their retention is over. */
  readonly keptEvents: number;
}

/** API reference, FilterLogEvents: at most 10,000 events or 1 MB in a page. */
export const LOGS_LIMITS: LogsLimits = {
  pageEvents: 10_000,
  pageBytes: 1_048_576,
  keptEvents: 10_000,
};

/**
 * Lambda's limits, and the points that AWS does not document. A test or a user can set every member. Sizes are bytes, times
 * milliseconds.
 */
export interface LambdaLimits {
  /** Event of a synchronous invocation. */
  readonly requestBytes: number;
  /** Response of a function that does not stream, and of a streaming one called through `Invoke`. */
  readonly bufferedResponseBytes: number;
  /** Longest streamed response. */
  readonly streamedResponseBytes: number;
  /** How a longer response ends, which is not documented: with an error, or as if it were complete. */
  readonly streamedResponseOverflow: 'error' | 'truncate';
  /** Bytes at the beginning of a streamed response without a bandwidth limit. */
  readonly streamFreeBytes: number;
  /** Bandwidth after that. */
  readonly streamBytesPerSecond: number;
  /**
   * A write of a streamed response that is smaller waits for the next write, or for the end, as users report of the managed service;
   * 0 for none.
   */
  readonly holdWritesBelowBytes: number;
  /** Share of streamed responses that are buffered until their end, 0 to 1, as users also report. */
  readonly bufferedShare: number;
  /** Invocations that run at the same time in one account and Region. */
  readonly concurrentExecutions: number;
  /** Concurrency that reservations must leave to the functions without one. */
  readonly unreservedConcurrentExecutions: number;
  /** Divides the functions' own timeouts (`kernel/clock.ts`); the emulator's own option sets it. */
  readonly timeScale: number;
  /** Longest run of an invocation; a function whose own Timeout is longer is stopped here. */
  readonly maxTimeoutMs: number;
  /** From the start of an execution environment to its first request for an event. */
  readonly initTimeoutMs: number;
  /** How long an idle execution environment lives. */
  readonly environmentIdleMs: number;
  /**
   * How long an invocation waits for an environment that has sent its response but not yet asked for more work, before a cold start. The
   * emulator's own limit: without it, calls in sequence would sometimes start cold.
   */
  readonly reuseGraceMs: number;
  /** Names and values of the configured environment variables. */
  readonly environmentVariableBytes: number;
  /** Inline code. */
  readonly inlineCodeBytes: number;
}

/**
 * Sources: `gettingstarted-limits.html` (request 6 MB, streamed response 200 MB, concurrency 1,000 and 100 of it unreserved, timeout
 * 900 s, variables 4 KB); `configuration-response-streaming.html` (6 MB, then 2 MB/s; as powers of two in the source of AWS's own
 * Lambda Runtime Interface Emulator); the errors that Lambda gives (6,291,556 bytes for a buffered response); `lambda-runtime-environment.html` (init 10 s);
 * `aws-properties-lambda-function-code.html` (4 MB inline). How long an idle environment lives is not documented.
 */
export const LAMBDA_LIMITS: LambdaLimits = {
  requestBytes: 6_291_456,
  bufferedResponseBytes: 6_291_556,
  streamedResponseBytes: 209_715_200,
  streamedResponseOverflow: 'error',
  streamFreeBytes: 6_291_456,
  streamBytesPerSecond: 2_097_152,
  holdWritesBelowBytes: 0,
  bufferedShare: 0,
  concurrentExecutions: 1_000,
  unreservedConcurrentExecutions: 100,
  timeScale: 1,
  maxTimeoutMs: 900_000,
  initTimeoutMs: 10_000,
  environmentIdleMs: 300_000,
  reuseGraceMs: 250,
  environmentVariableBytes: 4_096,
  inlineCodeBytes: 4_194_304,
};

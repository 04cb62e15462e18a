/**
 * Lambda's limits, and the points that AWS does not document. A test or a user can set every member. Sizes are bytes, times
 * milliseconds. Sources: `gettingstarted-limits.html`, unless a member names another.
 */
export const LAMBDA_LIMITS = {
  /** Event of a synchronous invocation: 6 MB. */
  requestBytes: 6_291_456,
  /** Response of a function that does not stream, and of a streaming one called through `Invoke`, as Lambda's errors name it. */
  bufferedResponseBytes: 6_291_556,
  /** Longest streamed response: 200 MB. */
  streamedResponseBytes: 209_715_200,
  /** How a longer response ends, which is not documented: with an error, or as if it were complete. */
  streamedResponseOverflow: 'error' as 'error' | 'truncate',
  /** Bytes without a bandwidth limit: 6 MB, as in AWS's Runtime Interface Emulator (`configuration-response-streaming.html`). */
  streamFreeBytes: 6_291_456,
  /** Bandwidth after that: 2 MB/s (same page). */
  streamBytesPerSecond: 2_097_152,
  /** A smaller write of a streamed response waits for the next one, or for the end, as users report of the managed service; 0 for none. */
  holdWritesBelowBytes: 0,
  /** Bytes that collect before any of them leave; the rest leaves at the end (reported: about 100 kB); 0 for none. */
  holdUntilBytes: 0,
  /** Share of streamed responses that are buffered until their end, 0 to 1, as users also report. */
  bufferedShare: 0,
  /**
   * The same share of only those responses whose first payload is in one chunk with the eight NULs of the head
   * (aws-lambda-nodejs-runtime-interface-client, issue 94: 15 to 20 %).
   */
  joinedHeadShare: 0,
  /** How long the NULs wait for a payload to share their chunk, ms by the function's clock; 0 for what is written in one turn. */
  joinHeadMs: 0,
  /** Invocations that run at the same time in one account and Region. */
  concurrentExecutions: 1_000,
  /** Concurrency that reservations must leave to the functions without one: AWS's refusals show 10, 50 or 100, by the account. */
  unreservedConcurrentExecutions: 100,
  /** Divides the functions' own timeouts (`kernel/clock.ts`); the emulator's own option sets it. */
  timeScale: 1,
  /** Longest run of an invocation; a function whose own Timeout is longer is stopped here. */
  maxTimeoutMs: 900_000,
  /** From the start of an execution environment to its first request for an event (`lambda-runtime-environment.html`). */
  initTimeoutMs: 10_000,
  /** How long an idle execution environment lives: not documented. */
  environmentIdleMs: 300_000,
  /** Longest wait for an environment about to be idle, before a cold start. The emulator's own: calls in sequence stay warm. */
  reuseGraceMs: 250,
  /** Names and values of the configured environment variables: 4 KB. */
  environmentVariableBytes: 4_096,
  /** Inline code: 4 MB (`aws-properties-lambda-function-code.html`). */
  inlineCodeBytes: 4_194_304,
};

export type LambdaLimits = Readonly<typeof LAMBDA_LIMITS>;

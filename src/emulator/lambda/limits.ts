/**
 * What Lambda allows, and the points that AWS leaves undocumented; every member can be set by a test or a user. Sizes in bytes, times
 * in milliseconds.
 */
export interface LambdaLimits {
  /** Event of a synchronous invocation. */
  readonly requestBytes: number;
  /** Response of a function that does not stream, and of a streaming one called through `Invoke`. */
  readonly bufferedResponseBytes: number;
  /** Longest streamed response. */
  readonly streamedResponseBytes: number;
  /** What becomes of a longer one, which is not documented: it ends in an error there, or as if it were complete. */
  readonly streamedResponseOverflow: 'error' | 'truncate';
  /** What a streamed response may send as fast as it can. */
  readonly streamFreeBytes: number;
  /** What it may send in a second after that. */
  readonly streamBytesPerSecond: number;
  /**
   * A write of a streamed response that is smaller waits for the next write, or for the end, as users report of the managed service;
   * 0 for none.
   */
  readonly holdWritesBelowBytes: number;
  /** Share of the streamed responses that are kept back to their end, 0 to 1: reported, too. */
  readonly bufferedShare: number;
  /** Invocations that run at the same time in one account and Region. */
  readonly concurrentExecutions: number;
  /** What reserved concurrency must leave to the functions that have none. */
  readonly unreservedConcurrentExecutions: number;
  /** What functions' own timeouts are scaled by (`time-scale.ts`); set by the emulator's own option. */
  readonly timeScale: number;
  /** Longest run of an invocation; a function whose own Timeout is longer is stopped here. */
  readonly maxTimeoutMs: number;
  /** From the start of an execution environment to its first request for an event. */
  readonly initTimeoutMs: number;
  /** How long an execution environment stays without work. */
  readonly environmentIdleMs: number;
  /**
   * How long an invocation waits for an environment that has sent its response but not yet asked for more work, before a
   * cold start. The emulator's own: without it, calls one after the other would start cold by chance.
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

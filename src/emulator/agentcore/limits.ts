/** Limits of AgentCore Runtime, and the points that AWS does not document. Times are milliseconds, rates as their names say. */
export interface AgentCoreLimits {
  /** Longest payload of an invocation, bytes. */
  readonly payloadBytes: number;
  /** The scale of time (`kernel/clock.ts`), which the control plane takes out of the timeouts that it shows; the emulator's own option sets it. */
  readonly timeScale: number;
  /** Calls of one operation per runtime and second; also the size of a burst. */
  readonly callsPerSecond: number;
  /** New sessions per endpoint and minute, of a runtime with a container; also the size of a burst. */
  readonly newSessionsPerMinute: number;
  /** Active sessions of the account in this Region; undefined for the Region's own limit. */
  readonly activeSessions: number | undefined;
  /** How long the microVM of a new session takes to start. It depends on the agent's image; 0 unless set. */
  readonly coldStartMs: number;
  /** Answer to a second call of a session while its microVM starts: the retryable 409, or the agent's own once it runs. */
  readonly callDuringStart: 'conflict' | 'wait';
  /** Answer to a second call of a session during the first: the agent's own, or the retryable 409. Undocumented. */
  readonly concurrentCalls: 'allow' | 'conflict';
  /** Whether the agent gets `Accept` and `Content-Type` as the caller sent them, or AgentCore's JSON. Undocumented. */
  readonly passMediaTypes: boolean;
  /** Longest time to the beginning of an answer. */
  readonly requestTimeoutMs: number;
  /** A session without an invocation ends after this. */
  readonly idleSessionMs: number;
  /** A session ends after this, busy or not. */
  readonly sessionLifetimeMs: number;
  /** Longest life of a streamed answer. */
  readonly streamDurationMs: number;
  /** Whether an agent stops when its caller closes the connection. Undocumented. */
  readonly abortAgentOnDisconnect: boolean;
}

/** Developer guide, "Quotas for Amazon Bedrock AgentCore" (bedrock-agentcore-limits): active sessions per account. */
const ACTIVE_SESSIONS: Readonly<Record<string, number>> = {
  'us-east-1': 5_000,
  'us-west-2': 5_000,
};
const ACTIVE_SESSIONS_ELSEWHERE = 2_500;

export function activeSessionsOf(region: string): number {
  return ACTIVE_SESSIONS[region] ?? ACTIVE_SESSIONS_ELSEWHERE;
}

/** API model, shapes SessionType (33 to 256 characters) and SessionId (the alphabet). */
export const SESSION_ID = {
  minLength: 33,
  maxLength: 256,
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
} as const;

/** The limits as AWS has them. */
export const AGENT_CORE_LIMITS: AgentCoreLimits = {
  // API model of InvokeAgentRuntime, shape Body: 100,000,000 bytes.
  payloadBytes: 100_000_000,
  timeScale: 1,
  // Developer guide, "Quotas for Amazon Bedrock AgentCore" (bedrock-agentcore-limits): 200 per second for InvokeAgentRuntime and StopRuntimeSession each, per agent and account.
  callsPerSecond: 200,
  // Same page: 400 new sessions per minute and endpoint for a container, 25 per second for directly deployed code.
  newSessionsPerMinute: 400,
  activeSessions: undefined,
  coldStartMs: 0,
  // "Session operation in progress, please retry" (API model, RetryableConflictException).
  callDuringStart: 'conflict',
  concurrentCalls: 'allow',
  passMediaTypes: true,
  // Same page: request timeout 15 minutes.
  requestTimeoutMs: 900_000,
  // Same page: idle session timeout 15 minutes.
  idleSessionMs: 900_000,
  // Same page: session duration 8 hours.
  sessionLifetimeMs: 28_800_000,
  // Same page: streaming maximum duration 60 minutes.
  streamDurationMs: 3_600_000,
  abortAgentOnDisconnect: true,
};

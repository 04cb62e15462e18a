/** Limits of AgentCore Runtime, and the points that AWS leaves undocumented. Times are milliseconds, rates as they are named. */
export interface AgentCoreLimits {
  /** Longest payload of an invocation, bytes. */
  readonly payloadBytes: number;
  /** What the control plane takes the scale of time out of again (`time-scale.ts`); set by the emulator's own option. */
  readonly timeScale: number;
  /** Calls of one operation per runtime and second, and at once. */
  readonly callsPerSecond: number;
  /** New sessions per endpoint and minute, and at once: of a runtime with a container. */
  readonly newSessionsPerMinute: number;
  /** Sessions of the account in this Region at the same time; undefined is what the Region has. */
  readonly activeSessions: number | undefined;
  /** How long the microVM of a new session takes to start. Depends on the agent's image: none unless set. */
  readonly coldStartMs: number;
  /** What a second call of a session gets while its microVM starts: the retryable 409, or its answer when that is done. */
  readonly callDuringStart: 'conflict' | 'wait';
  /** What a second call of a session gets while the first is answered: its answer, or the retryable 409. Undocumented. */
  readonly concurrentCalls: 'allow' | 'conflict';
  /** Whether the agent gets `Accept` and `Content-Type` as the caller sent them, or AgentCore's JSON: undocumented. */
  readonly passMediaTypes: boolean;
  /** Longest time to the beginning of an answer. */
  readonly requestTimeoutMs: number;
  /** A session without an invocation ends after this. */
  readonly idleSessionMs: number;
  /** A session ends after this, busy or not. */
  readonly sessionLifetimeMs: number;
  /** Longest life of a streamed answer. */
  readonly streamDurationMs: number;
  /** Whether an agent is stopped when its caller closes the connection: undocumented. */
  readonly abortAgentOnDisconnect: boolean;
}

/** API model of InvokeAgentRuntime, shape Body: 100,000,000 bytes. */
const PAYLOAD_BYTES = 100_000_000;
/** Developer guide, "Quotas for Amazon Bedrock AgentCore" (bedrock-agentcore-limits): idle session timeout 15 minutes. */
const IDLE_SESSION_MS = 900_000;
/** Same page: session duration 8 hours. */
const SESSION_LIFETIME_MS = 28_800_000;
/** Same page: streaming maximum duration 60 minutes. */
const STREAM_DURATION_MS = 3_600_000;

/** Same page: request timeout 15 minutes. */
const REQUEST_TIMEOUT_MS = 900_000;
/** Same page: 200 per second for InvokeAgentRuntime and StopRuntimeSession each, per agent and account. */
const CALLS_PER_SECOND = 200;
/** Same page: 400 new sessions per minute and endpoint for a container, 25 per second for directly deployed code. */
const NEW_SESSIONS_PER_MINUTE = 400;
/** Same page: active sessions per account. */
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
  payloadBytes: PAYLOAD_BYTES,
  timeScale: 1,
  callsPerSecond: CALLS_PER_SECOND,
  newSessionsPerMinute: NEW_SESSIONS_PER_MINUTE,
  activeSessions: undefined,
  coldStartMs: 0,
  // "Session operation in progress, please retry" (API model, RetryableConflictException).
  callDuringStart: 'conflict',
  concurrentCalls: 'allow',
  passMediaTypes: true,
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  idleSessionMs: IDLE_SESSION_MS,
  sessionLifetimeMs: SESSION_LIFETIME_MS,
  streamDurationMs: STREAM_DURATION_MS,
  abortAgentOnDisconnect: true,
};

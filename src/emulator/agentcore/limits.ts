/** Developer guide, "Quotas for Amazon Bedrock AgentCore" (bedrock-agentcore-limits): active sessions per account. */
const ACTIVE_SESSIONS: Readonly<Record<string, number>> = { 'us-east-1': 5_000, 'us-west-2': 5_000 };
const ACTIVE_SESSIONS_ELSEWHERE = 2_500;

export function activeSessionsOf(region: string): number {
  return ACTIVE_SESSIONS[region] ?? ACTIVE_SESSIONS_ELSEWHERE;
}

/** API model, shapes SessionType (33 to 256 characters) and SessionId (the alphabet). */
export const SESSION_ID = { minLength: 33, maxLength: 256, pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/ } as const;

/**
 * Limits of AgentCore Runtime, and the points that AWS does not document. Times are milliseconds, rates as their names say. Sources:
 * developer guide, "Quotas for Amazon Bedrock AgentCore" (bedrock-agentcore-limits), unless a member names another.
 */
export const AGENT_CORE_LIMITS = {
  /** Longest payload of an invocation, bytes (API model of InvokeAgentRuntime, shape Body). */
  payloadBytes: 100_000_000,
  /** The scale of time (`kernel/clock.ts`), which the control plane takes out of the timeouts that it shows; the emulator's own option sets it. */
  timeScale: 1,
  /** Calls of one operation per runtime and second; also the size of a burst. */
  callsPerSecond: 200,
  /** New sessions per endpoint and minute, of a runtime with a container; also the size of a burst. Directly deployed code: 25 a second. */
  newSessionsPerMinute: 400,
  /** Active sessions of the account in this Region; undefined for the Region's own limit. */
  activeSessions: undefined as number | undefined,
  /** How long the microVM of a new session takes to start. It depends on the agent's image; 0 unless set. */
  coldStartMs: 0,
  /** A second call while the microVM starts: the retryable 409 (API model, RetryableConflictException), or the agent's answer. */
  callDuringStart: 'conflict' as 'conflict' | 'wait',
  /** Answer to a second call of a session during the first: the agent's own, or the retryable 409. Undocumented. */
  concurrentCalls: 'allow' as 'allow' | 'conflict',
  /** Whether the agent gets `Accept` and `Content-Type` as the caller sent them, or AgentCore's JSON. Undocumented. */
  passMediaTypes: true,
  /** Longest time to the beginning of an answer: 15 minutes. */
  requestTimeoutMs: 900_000,
  /** A session without an invocation ends after this: 15 minutes. */
  idleSessionMs: 900_000,
  /** A session ends after this, busy or not: 8 hours. */
  sessionLifetimeMs: 28_800_000,
  /** Longest life of a streamed answer: 60 minutes. */
  streamDurationMs: 3_600_000,
  /** Whether an agent stops when its caller closes the connection. Undocumented. */
  abortAgentOnDisconnect: true,
};

export type AgentCoreLimits = Readonly<typeof AGENT_CORE_LIMITS>;

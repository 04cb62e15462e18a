/** Limits of AgentCore Runtime, and the points that AWS leaves undocumented. Times are milliseconds. */
export interface AgentCoreLimits {
  /** Longest payload of an invocation, bytes. */
  readonly payloadBytes: number;
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

/** API model, shapes SessionType (33 to 256 characters) and SessionId (the alphabet). */
export const SESSION_ID = {
  minLength: 33,
  maxLength: 256,
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
} as const;

/** The limits as AWS has them. */
export const AGENT_CORE_LIMITS: AgentCoreLimits = {
  payloadBytes: PAYLOAD_BYTES,
  idleSessionMs: IDLE_SESSION_MS,
  sessionLifetimeMs: SESSION_LIFETIME_MS,
  streamDurationMs: STREAM_DURATION_MS,
  abortAgentOnDisconnect: true,
};

/** One turn of an agent, as AgentCore passes it on. */
export interface AgentInvocation {
  readonly payload: Buffer;
  readonly contentType: string;
  /** Media types that the caller accepts; empty when it did not say. */
  readonly accept: string;
  readonly sessionId: string;
  /** Aborted when the session is stopped or the caller has gone. */
  readonly signal: AbortSignal;
  /** Further headers for the container, by lower-case name: request id, user id, trace context. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface AgentReply {
  /** HTTP status of the container. */
  readonly status: number;
  readonly contentType: string;
  /** The answer, chunk by chunk as it is made; throws when it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Settings of a runtime that GetAgentRuntime returns (API reference). The defaults are those that this chain needs. */
export interface RuntimeSettings {
  readonly status?: string;
  readonly failureReason?: string;
  /** Names of its endpoints beside DEFAULT. All lead to the same agent; each has its own sessions. */
  readonly endpoints?: readonly string[];
  /** `HTTP`, `MCP`, `A2A` or `AGUI`. */
  readonly serverProtocol?: string;
  readonly requireMMDSV2?: boolean;
  /** JWT authorizer of a runtime that does not accept SigV4. */
  readonly customJWTAuthorizer?: { readonly discoveryUrl: string };
}

/** An endpoint of a runtime that may not exist: permissions are checked before the lookup. */
export interface RuntimeAddress {
  readonly runtimeArn: string;
  /** Endpoint name. */
  readonly qualifier: string;
  readonly endpointArn: string;
}

/** The agent behind a runtime ARN. */
export interface Agent {
  /** Settings of its runtime; by default it is ready, speaks HTTP, accepts SigV4 and has MMDSv2. */
  readonly runtime?: RuntimeSettings;
  /** @throws when it cannot be reached, or `signal` aborts before it answers; an AwsError simulates one of the service */
  invoke(invocation: AgentInvocation): Promise<AgentReply>;
}

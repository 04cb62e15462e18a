/** One turn of an agent, as AgentCore hands it on. */
export interface AgentInvocation {
  readonly payload: Buffer;
  /** Media type of the payload. */
  readonly contentType: string;
  /** Media types that the caller takes; empty when it did not say. */
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

/** What GetAgentRuntime tells of a runtime (API reference); what is left out is as it has to be for this chain. */
export interface RuntimeSettings {
  readonly status?: string;
  readonly failureReason?: string;
  /** Names of its endpoints beside DEFAULT. They all lead to the same agent, each with sessions of its own. */
  readonly endpoints?: readonly string[];
  /** `HTTP`, `MCP`, `A2A` or `AGUI`. */
  readonly serverProtocol?: string;
  readonly requireMMDSV2?: boolean;
  /** The JWT authorizer of a runtime that takes no SigV4. */
  readonly customJWTAuthorizer?: { readonly discoveryUrl: string };
}

/** What runs behind a runtime ARN. */
export interface Agent {
  /** How its runtime is set; by default it is ready, speaks HTTP, takes SigV4 and has MMDSv2. */
  readonly runtime?: RuntimeSettings;
  /**
   * @throws when the agent cannot be reached, or `signal` aborts before it has answered
   * @throws {AwsError} to act out an error of the service itself, such as ThrottlingException
   */
  invoke(invocation: AgentInvocation): Promise<AgentReply>;
}

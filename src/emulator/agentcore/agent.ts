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

/** What runs behind a runtime ARN. */
export interface Agent {
  /**
   * @throws when the agent cannot be reached, or `signal` aborts before it has answered
   * @throws {AwsError} to act out an error of the service itself, such as ThrottlingException
   */
  invoke(invocation: AgentInvocation): Promise<AgentReply>;
}

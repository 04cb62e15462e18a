/** One turn as a transport sends it. */
export interface TurnRequest {
  readonly prompt: string;
  /** Absent: the endpoint makes one. */
  readonly sessionId?: string | undefined;
  /** AgentCore endpoint name. */
  readonly qualifier?: string | undefined;
}

/** What arrives, each part stamped with `performance.now()` as it came off the socket. */
export type StreamPart =
  | { readonly type: 'sent'; readonly at: number }
  | {
      readonly type: 'headers';
      readonly at: number;
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'chunk'; readonly at: number; readonly bytes: Buffer }
  /** The body ended properly: its terminating chunk or its whole length came. */
  | { readonly type: 'end'; readonly at: number };

/** A way to the agent: through API Gateway, through Lambda, or direct. */
export interface Transport {
  /**
   * Sends a turn and yields what comes back. Nothing is retried.
   * @throws {OperationError} CONNECT_FAILED when no connection came about; STREAM_CUT when it broke off
   * @throws AbortError when the signal is aborted
   */
  open(request: TurnRequest, signal: AbortSignal): AsyncIterable<StreamPart>;
  /** Stops the session's work on the server. @throws {OperationError} when the endpoint refuses */
  stop(sessionId: string): Promise<void>;
  close(): Promise<void>;
}

/** A part of one turn, stamped as it came off the socket: ms on one monotonic clock. */
export type StreamPart =
  | { readonly type: 'sent'; readonly at: number }
  | {
      readonly type: 'headers';
      readonly at: number;
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'chunk'; readonly at: number; readonly bytes: Uint8Array }
  /** The body ended properly: its terminating chunk or its whole length came. */
  | { readonly type: 'end'; readonly at: number };

export const ENDINGS = ['end', 'reset', 'client-timeout', 'cancelled'] as const;
/** How a turn ended, as the receiver saw it. `reset`: the connection broke; `client-timeout`: a timer of this client fired. */
export type Ending = (typeof ENDINGS)[number];

export const HOPS = ['api', 'lambda', 'agentcore'] as const;
/** The service that a turn calls first: API Gateway, Lambda (past API Gateway), or AgentCore (past both). */
export type Hop = (typeof HOPS)[number];

/** What arrives of one turn, each part stamped as it came off the socket: ms on one monotonic clock. */
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

/** How a turn came to its end, as the receiver saw it. `reset`: the connection broke; `client-timeout`: a timer of ours. */
export type Ending = 'end' | 'reset' | 'client-timeout' | 'cancelled';

export const HOPS = ['api', 'lambda', 'agentcore'] as const;
/** Which way a turn goes: through API Gateway, through Lambda only, or to AgentCore direct. */
export type Hop = (typeof HOPS)[number];

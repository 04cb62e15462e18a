/** What an injected fault does. Times are real, whatever the scale of time. */
export type FaultAct =
  /** The agent's stream breaks off after that many events. */
  | { readonly kind: 'cut'; readonly events: number }
  /** The agent is silent for that long after that many events. */
  | { readonly kind: 'stall'; readonly ms: number; readonly events: number }
  /** The agent begins to answer that much later. */
  | { readonly kind: 'slow-first'; readonly ms: number }
  /** AgentCore throttles (429), denies access (403), knows no such runtime (404). */
  | { readonly kind: 'throttle' | 'denied' | 'not-found' }
  /** 409, the retryable one; `calls` is how many calls of a session in a row it meets, all of them unless given. */
  | { readonly kind: 'conflict'; readonly calls?: number }
  /** AgentCore answers with the error that has this status. */
  | { readonly kind: 'error'; readonly status: number }
  /** The agent answers 200 and nothing else. */
  | { readonly kind: 'empty' }
  /** One event of that size comes ahead of the agent's own. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** Bytes that are no server-sent events, and no UTF-8, stand among the agent's own. */
  | { readonly kind: 'malformed' }
  /** The function's process dies after that many writes of a streamed response; the first two are the prelude's. */
  | { readonly kind: 'crash'; readonly writes: number }
  /** Lambda holds each write that is smaller until the next one. */
  | { readonly kind: 'held'; readonly bytes: number }
  /** Lambda keeps the whole response back until its end. */
  | { readonly kind: 'buffered' };

export type Fault = FaultAct & {
  /** Share of the requests that it meets, 0 to 1; all of them unless given. */
  readonly share?: number;
};

/** Faults of the function and of Lambda; the others are AgentCore's and the agent's. */
export const FUNCTION_FAULTS = ['crash', 'held', 'buffered'] as const;

export type FunctionFault = Extract<Fault, { readonly kind: (typeof FUNCTION_FAULTS)[number] }>;
export type AgentFault = Exclude<Fault, FunctionFault>;

export function isFunctionFault(fault: Fault): fault is FunctionFault {
  return (FUNCTION_FAULTS as readonly string[]).includes(fault.kind);
}

/** A fault as it is written: `stall:20s:1`, with `@20%` when it does not meet every request. */
export function formatFault(fault: Fault): string {
  const { kind, share = 1 } = fault;
  const parts = [kind, ...formatArguments(fault)].join(':');
  return share === 1 ? parts : `${parts}@${Number((share * 100).toFixed(3))}%`;
}

function formatArguments(fault: Fault): string[] {
  switch (fault.kind) {
    case 'cut':
      return [String(fault.events)];
    case 'stall':
      return [formatTime(fault.ms), String(fault.events)];
    case 'slow-first':
      return [formatTime(fault.ms)];
    case 'conflict':
      return fault.calls === undefined ? [] : [String(fault.calls)];
    case 'error':
      return [String(fault.status)];
    case 'huge':
    case 'held':
      return [String(fault.bytes)];
    case 'crash':
      return [String(fault.writes)];
    default:
      return [];
  }
}

function formatTime(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** The effect of an injected fault. The scale of time does not change its times. */
type FaultAct =
  /** The agent's stream breaks off after that many events. */
  | { readonly kind: 'cut'; readonly events: number }
  /** The agent is silent for that long after that many events; after 0 events, right after its headers. */
  | { readonly kind: 'stall'; readonly ms: number; readonly events: number }
  /** The agent begins to answer, headers and all, that much later. */
  | { readonly kind: 'slow-first'; readonly ms: number }
  /** AgentCore throttles (429), denies access (403), knows no such runtime (404): the last two with ARNs that no client should see. */
  | { readonly kind: 'throttle' | 'denied' | 'not-found' }
  /** The retryable 409, for the first `calls` of a session; for all of them by default. */
  | { readonly kind: 'conflict'; readonly calls?: number }
  /** AgentCore answers with the error that has this status. */
  | { readonly kind: 'error'; readonly status: number }
  /** The agent answers 200 and nothing else. */
  | { readonly kind: 'empty' }
  /** One event of that size comes ahead of the agent's own. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** Lines outside an event, bytes that are not UTF-8 and halves of a character come among the agent's own. */
  | { readonly kind: 'malformed' }
  /** The function's process dies after that many writes of a streamed response; the first two are the prelude's. */
  | { readonly kind: 'crash'; readonly writes: number }
  /** Lambda holds each write that is smaller until the next one. */
  | { readonly kind: 'held'; readonly bytes: number }
  /** Lambda holds what is written until so many bytes have come. */
  | { readonly kind: 'held-until'; readonly bytes: number }
  /** Lambda keeps the whole response back until its end; `joined-head`: when its first payload shares a chunk with the head. */
  | { readonly kind: 'buffered' | 'joined-head' };

export type Fault = FaultAct & {
  /** Share of the requests that it meets, 0 to 1; all by default. */
  readonly share?: number;
};

/** Faults of the function and of Lambda; the others belong to AgentCore and the agent. */
const FUNCTION_FAULTS = ['crash', 'held', 'held-until', 'buffered', 'joined-head'] as const;

export type FunctionFault = Extract<Fault, { readonly kind: (typeof FUNCTION_FAULTS)[number] }>;
export type AgentFault = Exclude<Fault, FunctionFault>;

export function isFunctionFault(fault: Fault): fault is FunctionFault {
  return (FUNCTION_FAULTS as readonly string[]).includes(fault.kind);
}

/** Header of a request to the front door: the faults of that request, which replace the emulator's. */
export const FAULT_HEADER = 'x-emulator-fault';

/** An argument: its member of the fault, how it is written, and its default; one whose default is `absent` may be left out. */
type FaultArgument = readonly [member: string, form: 'count' | 'time' | 'size', byDefault?: number | 'absent'];

/** Syntax and effect of each kind of fault, for help texts, and its arguments. */
export const FAULT_KINDS: readonly (readonly [usage: string, meaning: string, ...arguments: FaultArgument[]])[] = [
  ['cut:N', 'the agent breaks off after N events', ['events', 'count']],
  ['stall:TIME[:N]', 'the agent is silent for TIME after N events (1)', ['ms', 'time'], ['events', 'count', 1]],
  ['slow-first:TIME', 'the agent begins to answer after TIME', ['ms', 'time']],
  ['throttle', 'AgentCore answers 429'],
  ['denied', 'AgentCore answers 403'],
  ['not-found', 'AgentCore answers 404'],
  ['conflict[:N]', 'AgentCore answers 409, try again: to the first N calls of a session (all)', ['calls', 'count', 'absent']],
  ['error:STATUS', 'AgentCore answers with the error of STATUS', ['status', 'count']],
  ['empty', 'the agent answers without a byte'],
  ['huge:BYTES', 'one event of BYTES (64kB, 8MB) comes first', ['bytes', 'size']],
  ['malformed', 'bytes that are neither events nor UTF-8 come between the events'],
  // The two writes of the prelude and one of the body.
  ['crash[:N]', "the function's process dies after N writes (3; two are the prelude)", ['writes', 'count', 3]],
  // Users of the managed service report that some 16 KB are held (aws-lambda-nodejs-runtime-interface-client, issue 94).
  ['held[:BYTES]', 'Lambda holds a write below BYTES (16384) until the next one', ['bytes', 'size', 16_384]],
  ['held-until[:BYTES]', 'Lambda holds what is written until BYTES (100000) have come', ['bytes', 'size', 100_000]],
  ['joined-head', 'Lambda buffers a response whose first payload shares a chunk with the end of its head'],
  ['buffered', 'Lambda keeps the response back until its end'],
];

/** The arguments of a kind; undefined when there is no such kind. */
export function argumentsOf(kind: string): readonly FaultArgument[] | undefined {
  const known = FAULT_KINDS.find(([usage]) => /^[a-z-]+/.exec(usage)?.[0] === kind);
  if (!known) return undefined;
  const [, , ...given] = known;
  return given;
}

/** The text of a fault: `stall:20s:1`, followed by `@20%` when it meets a share of the requests. */
export function formatFault(fault: Fault): string {
  const { kind, share = 1 } = fault;
  const values: Readonly<Record<string, string | number | undefined>> = fault;
  const given = (argumentsOf(kind) ?? []).flatMap(([member, form]) => {
    const value = values[member];
    if (value === undefined) return [];
    if (form !== 'time') return String(value);
    return Number(value) % 1_000 === 0 ? `${Number(value) / 1_000}s` : `${value}ms`;
  });
  const parts = [kind, ...given].join(':');
  return share === 1 ? parts : `${parts}@${Number((share * 100).toFixed(3))}%`;
}

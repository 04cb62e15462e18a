/** The wire contract between the deployed endpoint and its clients. Shared with lambda/, so: no imports. */

/** Below the stage: `POST` starts a turn, `DELETE` stops the session's work (on the AgentCore endpoint that its query names). */
export const INVOKE_PATH = '/invoke';
/** Below the stage: `POST` answers with a synthetic stream made by the function itself. */
export const PROBE_PATH = '/probe';

export const SESSION_HEADER = 'X-Session-Id';

/**
 * A runtime session id: 33 to 256 characters in the request (API model of InvokeAgentRuntime). Ids that we make are UUIDs:
 * 36 characters, below the 100 that the response side allows.
 */
export const SESSION_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{32,255}$/;

/** Name of an AgentCore runtime endpoint (CloudFormation schema of AWS::BedrockAgentCore::RuntimeEndpoint). */
export const QUALIFIER_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;
export const QUALIFIER_FORM = 'a letter and up to 47 letters, digits and underscores';

/** Members of the request body that control the call. All others go to the agent as they are. */
const CONTROL_MEMBERS = ['session_id', 'content_type', 'accept', 'qualifier'];

/** The agent's input. @param body text of a request body, a JSON object that has been parsed before */
export function agentPayload(body: string): string {
  return withMembers(body, Object.fromEntries(CONTROL_MEMBERS.map((name) => [name, undefined])));
}

/** Signs that tell where a member of JSON ends, and escapes. No string as a whole: one of some megabytes overflows the stack of a RegExp. */
const JSON_SIGN = /\\.|["{}[\],:]/g;

/**
 * A JSON object with other values for some members; undefined takes a member away. All others stay as they are written: `JSON.parse` would
 * round a number that has more digits than a double.
 * @param json text of a JSON object that has been parsed before; of two members with one name the last counts, as there
 */
export function withMembers(json: string, values: Readonly<Record<string, unknown>>): string {
  const members = new Map<string, string>();
  let depth = 0;
  let isString = false;
  let from = 0;
  let name: string | undefined;
  for (const { 0: sign, index } of json.matchAll(JSON_SIGN)) {
    if (sign === '"') isString = !isString;
    if (isString || sign === '"') continue;
    if (sign === '{' || sign === '[') depth += 1;
    if (depth === 1) {
      const part = json.slice(from, index).trim();
      if (sign === ':') name = JSON.parse(part) as string;
      else if (name !== undefined) members.set(name, part);
      from = index + 1;
    }
    if (sign === '}' || sign === ']') depth -= 1;
  }
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) members.delete(key);
    else members.set(key, JSON.stringify(value));
  }
  return `{${Array.from(members, ([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
}

/**
 * Written at an event boundary while the agent is silent. An SSE comment: no client shows it. Without an empty line behind it, which
 * @microsoft/fetch-event-source takes for a message (Azure/fetch-event-source, issue 15).
 */
export const KEEP_ALIVE = ': keep-alive\n';

/** Silence after which a `KEEP_ALIVE` is written, unless the stack is set otherwise: half of the shortest idle limit (30 s, edge-optimised). */
export const DEFAULT_HEARTBEAT_MS = 15_000;

/**
 * Written when the agent has paused after a chunk, so that a runtime which holds a small write until the next one lets go of it. An
 * empty SSE comment: it says nothing, not even that the stream is alive.
 */
export const NUDGE = ':\n';

/**
 * How the function counters a runtime that holds writes back. All modes but `off` send the head in a turn of the event loop of its own,
 * since a payload in the same chunk is reported to make Lambda keep 15 to 20 % of responses whole (aws-lambda-nodejs-runtime-interface-client,
 * issue 94); `pause` waits `HEAD_PAUSE_MS` behind it. In event streams `auto` and `pause` follow a chunk with a `NUDGE` as soon as the
 * agent pauses, and a number pads each write to that many bytes with an SSE comment.
 */
export type FlushMode = 'auto' | 'off' | 'pause' | number;

/** Between the head and the payload in the flush mode `pause`: the time that helped in issue 94. */
export const HEAD_PAUSE_MS = 25;

/** Longest padding, bytes: users report thresholds of up to 100 KB (aws-lambda-nodejs-runtime-interface-client, issue 102). */
export const MAX_FLUSH_PADDING_BYTES = 129_999;

/**
 * The end of an event: two line ends, each CRLF, CR or LF (HTML standard, "Parsing an event stream"). A CR may be half of a CRLF
 * whose LF has not come; the LF is then one more empty line, which changes nothing.
 */
export const EVENT_END = /(?:\n\n|\r\r\n?|\r\n\r\n|\n\r\n|\r\n\n)$/;
/** Bytes of the longest `EVENT_END`. */
export const LONGEST_EVENT_END = 4;

/** Event name of a failure after the stream has begun; its data is an `ErrorBody`. */
export const ERROR_EVENT = 'error';

/** Why a request failed, for programs. The HTTP status that goes with each stands in `STATUS_OF_CODE`. */
export type WireErrorCode = keyof typeof STATUS_OF_CODE;

export const STATUS_OF_CODE = {
  INVALID_REQUEST: 400,
  INVALID_SESSION_ID: 400,
  AGENT_REJECTED: 400,
  AGENT_UNAUTHORIZED: 401,
  AGENT_ACCESS_DENIED: 403,
  /** The endpoint is set to need the caller's identity, and the gateway has verified none. */
  CALLER_UNKNOWN: 403,
  NOT_FOUND: 404,
  AGENT_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  SESSION_CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  AGENT_ERROR: 424,
  THROTTLED: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  AGENT_UNAVAILABLE: 502,
  STREAM_INTERRUPTED: 502,
  AGENT_TIMEOUT: 504,
  DEADLINE_EXCEEDED: 504,
} as const;

/** AgentCore's statuses, translated (API model of InvokeAgentRuntime, errors); any other is AGENT_UNAVAILABLE. */
export const CODE_OF_AGENT_STATUS: Readonly<Record<number, WireErrorCode>> = {
  400: 'AGENT_REJECTED',
  401: 'AGENT_UNAUTHORIZED',
  402: 'QUOTA_EXCEEDED',
  403: 'AGENT_ACCESS_DENIED',
  404: 'AGENT_NOT_FOUND',
  409: 'SESSION_CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  424: 'AGENT_ERROR',
  429: 'THROTTLED',
  504: 'AGENT_TIMEOUT',
};

/** JSON body of every error that the function makes, and data of an `error` event. */
export interface ErrorBody {
  /** One sentence for people. Never holds an ARN, an account id or a role name. */
  readonly error: string;
  readonly code: WireErrorCode;
  /** API Gateway's request id. */
  readonly requestId: string;
}

/** Body of `POST /probe`. Every member is optional. */
export interface ProbeRequest {
  /** Events, 1 to 10,000. */
  readonly count?: number;
  /** Pause between two events, 0 to 360,000 ms. */
  readonly interval_ms?: number;
  /** Padding in each event, 0 to 65,536 bytes. */
  readonly size_bytes?: number;
  /** Silence before the first event, 0 to 360,000 ms. */
  readonly first_delay_ms?: number;
}

/** The same with settings of the function for this one probe. */
export interface FlushProbeRequest extends ProbeRequest {
  /** By default as the function is set. */
  readonly flush?: FlushMode;
  /** Silence after which a `KEEP_ALIVE` is written, ms; by default 0, for never, since a probe may test silences. */
  readonly heartbeat_ms?: number;
}

export const PROBE_DEFAULTS = {
  count: 20,
  interval_ms: 100,
  size_bytes: 0,
  first_delay_ms: 0,
} as const satisfies Required<ProbeRequest>;

/** The longest probe: a minute more than the idle limit, so that the limit itself can be tried, and no caller holds a function for longer. */
export const PROBE_MAX_DURATION_MS = 360_000;

export const PROBE_MAXIMA = {
  count: 10_000,
  interval_ms: PROBE_MAX_DURATION_MS,
  size_bytes: 65_536,
  first_delay_ms: PROBE_MAX_DURATION_MS,
} as const satisfies Required<ProbeRequest>;

/** From the first delay to the last event. */
export const probeDurationMs = ({ count, interval_ms, first_delay_ms }: Required<ProbeRequest>): number =>
  first_delay_ms + (count - 1) * interval_ms;

/** All padding of one probe, so that a probe stays below the size at which Lambda begins to throttle (6 MB). */
export const PROBE_MAX_TOTAL_BYTES = 5_000_000;

/** Data of one `probe` event, stamped as it was handed to the runtime. */
export interface ProbeEvent {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Since the function received the request, ms, monotonic. */
  readonly sent_ms: number;
  /** How the function got its writes past the runtime. */
  readonly flush: FlushMode;
  readonly pad?: string;
}

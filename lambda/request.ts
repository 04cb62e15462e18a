import {
  agentPayload,
  type FlushMode,
  type FlushProbeRequest,
  MAX_FLUSH_PADDING_BYTES,
  PROBE_DEFAULTS,
  PROBE_MAX_DURATION_MS,
  PROBE_MAX_TOTAL_BYTES,
  PROBE_MAXIMA,
  probeDurationMs,
  QUALIFIER_PATTERN,
  SESSION_HEADER,
  SESSION_ID_PATTERN,
} from '../src/protocol.ts';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { readFlushMode } from './config.ts';
import { WireError } from './response.ts';

/** The members of API Gateway's proxy event (payload format 1.0) that this function reads. */
export interface ProxyEvent {
  readonly httpMethod: string;
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>> | null;
  /** Decoded; null or absent without a query. */
  readonly queryStringParameters?: Readonly<Record<string, string>> | null | undefined;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: RequestContext;
}

/** API Gateway's own facts about a request and its caller. */
export interface RequestContext {
  readonly requestId: string;
  /** A user pool's `claims`; a Lambda authorizer's `principalId` and context. */
  readonly authorizer?: Readonly<Record<string, unknown>> | null;
  readonly identity?: {
    readonly userArn?: string | null;
    /** Set when the caller signed with credentials of a Cognito identity pool. */
    readonly cognitoIdentityId?: string | null;
    readonly apiKeyId?: string | null;
  };
}

/** One turn, checked, and its end user; undefined when the agent is not told. */
export type AgentRequest = ReturnType<typeof readAgentRequest> & { readonly userId?: string | undefined };

/** TypeScript agents answer 406 without the first and 415 to the SDK's own default of octet-stream. */
const DEFAULT_ACCEPT = 'text/event-stream, application/json';
const DEFAULT_CONTENT_TYPE = 'application/json';

/** A media type list as a header carries it: printable ASCII, at most 256 characters (API model). */
const MEDIA_TYPE_PATTERN = /^[\x20-\x7e]{1,256}$/;

/** Reads `POST /invoke`. @throws {WireError} INVALID_REQUEST or INVALID_SESSION_ID */
export function readAgentRequest(event: ProxyEvent) {
  const text = readText(event);
  const body = parseBody(text);
  if (typeof body['prompt'] !== 'string' || body['prompt'].trim() === '') throw invalid('`prompt` must be a non-empty string');
  const sessionId = readMember(body, 'session_id') ?? readHeader(event, SESSION_HEADER);
  const qualifier = checkQualifier(readMember(body, 'qualifier'));
  return {
    sessionId: sessionId === undefined ? randomUUID() : checkSessionId(sessionId),
    /** Endpoint name; undefined means the function's default. */
    qualifier,
    contentType: readMediaType(body, 'content_type') ?? DEFAULT_CONTENT_TYPE,
    accept: readMediaType(body, 'accept') ?? DEFAULT_ACCEPT,
    /** The agent's input: the body without the control members. */
    payload: agentPayload(text),
  };
}

/**
 * Reads `DELETE /invoke`: the session whose work shall stop, and by the query the endpoint that its turns went to.
 * @throws {WireError} INVALID_REQUEST or INVALID_SESSION_ID
 */
export function readStopRequest(event: ProxyEvent): Pick<AgentRequest, 'sessionId' | 'qualifier'> {
  const sessionId = readHeader(event, SESSION_HEADER);
  if (sessionId === undefined) throw new WireError('INVALID_SESSION_ID', `the ${SESSION_HEADER} header names no session`);
  return { sessionId: checkSessionId(sessionId), qualifier: checkQualifier(event.queryStringParameters?.['qualifier']) };
}

/** Most of each number in a probe. */
const PROBE_LIMITS = { ...PROBE_MAXIMA, heartbeat_ms: PROBE_MAXIMA.interval_ms };

/**
 * Reads `POST /probe`; members that are not given have their defaults.
 * @param flush the mode that the function is set to
 * @throws {WireError} INVALID_REQUEST
 */
export function readProbeRequest(event: ProxyEvent, flush: FlushMode): Required<FlushProbeRequest> {
  const body = event.body === null || event.body === '' ? {} : parseBody(readText(event));
  const plan = { ...PROBE_DEFAULTS, heartbeat_ms: 0 } as Record<keyof typeof PROBE_LIMITS, number>;
  for (const [name, most] of Object.entries(PROBE_LIMITS) as [keyof typeof plan, number][]) {
    const value = body[name] ?? plan[name];
    const least = name === 'count' ? 1 : 0;
    if (!Number.isInteger(value) || Number(value) < least || Number(value) > most)
      throw invalid(`\`${name}\` must be a whole number from ${least} to ${most}`);
    plan[name] = Number(value);
  }
  if (plan.count * plan.size_bytes > PROBE_MAX_TOTAL_BYTES)
    throw invalid(`count x size_bytes must not exceed ${PROBE_MAX_TOTAL_BYTES}`);
  if (probeDurationMs(plan) > PROBE_MAX_DURATION_MS) throw invalid(`a probe must not last more than ${PROBE_MAX_DURATION_MS} ms`);
  const mode = body['flush'] === undefined ? flush : checkFlushMode(body['flush']);
  return { ...plan, flush: mode };
}

function checkFlushMode(value: unknown): FlushMode {
  const mode = readFlushMode(value);
  if (mode !== undefined) return mode;
  throw invalid(`\`flush\` must be "auto", "off", "pause" or a number of bytes from 1 to ${MAX_FLUSH_PADDING_BYTES}`);
}

function readText({ body, isBase64Encoded }: ProxyEvent): string {
  return isBase64Encoded ? decode(body ?? '') : (body ?? '');
}

function parseBody(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('the request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('the request body must be a JSON object');
  return body as Record<string, unknown>;
}

/** Decodes a binary body. Bytes that are not UTF-8 are refused: decoding would change them before they reach the agent. */
function decode(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  return isUtf8(bytes) ? bytes.toString('utf8') : '';
}

/** A member that must be text; null counts as absent. */
function readMember(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalid(`\`${name}\` must be a string`);
  return value;
}

function readMediaType(body: Record<string, unknown>, name: string): string | undefined {
  const value = readMember(body, name);
  if (value !== undefined && !MEDIA_TYPE_PATTERN.test(value))
    throw invalid(`\`${name}\` must be 1 to 256 printable ASCII characters`);
  return value;
}

/** A header by its name in any case; undefined when the request has none. */
export function readHeader(event: Pick<ProxyEvent, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(event.headers ?? {})) {
    if (key.toLowerCase() === wanted) return value;
  }
  return undefined;
}

function checkSessionId(value: string): string {
  if (SESSION_ID_PATTERN.test(value)) return value;
  throw new WireError(
    'INVALID_SESSION_ID',
    `a session id has 33 to 256 characters of A-Z a-z 0-9 _ - and starts with a letter or digit; this one has ${value.length}`,
  );
}

function checkQualifier(value: string | undefined): string | undefined {
  if (value === undefined || QUALIFIER_PATTERN.test(value)) return value;
  throw invalid('`qualifier` must be the name of an agent endpoint: letters, digits, underscores');
}

function invalid(message: string): WireError {
  return new WireError('INVALID_REQUEST', message);
}

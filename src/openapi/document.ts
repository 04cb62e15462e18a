import {
  INVOKE_PATH,
  MAX_FLUSH_PADDING_BYTES,
  PROBE_DEFAULTS,
  PROBE_MAXIMA,
  PROBE_PATH,
  type ProbeRequest,
  QUALIFIER_PATTERN,
  SESSION_ID_PATTERN,
  STATUS_OF_CODE,
} from '../protocol.ts';
import { type ApiFacts, securityOf } from './api-facts.ts';
import { invokeOperation, probeOperation, stopOperation } from './operations.ts';

const SESSION_ID = { type: 'string', pattern: SESSION_ID_PATTERN.source } as const;

/** Printable ASCII, at most 256 characters (API model of InvokeAgentRuntime). */
const MEDIA_TYPES = { type: ['string', 'null'], pattern: String.raw`^[\x20-\x7e]{1,256}$` };

const FLUSH_MODE = {
  description: 'How the function gets its writes past a runtime that holds small ones.',
  anyOf: [{ enum: ['auto', 'off', 'pause'] }, { type: 'integer', minimum: 1, maximum: MAX_FLUSH_PADDING_BYTES }],
};

const PROBE_MEANING: Readonly<Record<keyof ProbeRequest, string>> = {
  count: 'Events.',
  interval_ms: 'Pause between two events, ms.',
  size_bytes: 'Padding of each event, bytes.',
  first_delay_ms: 'Silence before the first event, ms.',
};

/** Everything that has a name in the document (JSON Schema 2020-12, as OpenAPI 3.1 takes it). */
const SCHEMAS = {
  SessionId: { ...SESSION_ID, description: 'Names a conversation. The endpoint makes one when none is given.' },
  InvokeRequest: {
    type: 'object',
    description: 'One turn. Members that are not named here go to the agent as they are.',
    required: ['prompt'],
    properties: {
      prompt: { type: 'string', pattern: String.raw`\S` },
      session_id: {
        type: ['string', 'null'],
        pattern: SESSION_ID.pattern,
        description: 'In place of the header X-Session-Id; it wins over it.',
      },
      qualifier: { type: ['string', 'null'], pattern: QUALIFIER_PATTERN.source, description: 'AgentCore endpoint that answers.' },
      content_type: { ...MEDIA_TYPES, description: 'Media type of what the agent receives.' },
      accept: { ...MEDIA_TYPES, description: 'Media types that the agent may answer with.' },
    },
    additionalProperties: true,
  },
  EventStream: {
    type: 'string',
    description:
      'Server-sent events (HTML standard, 9.2), passed on as the agent writes them. Lines that begin with a colon are comments, among them `: keep-alive` while the agent is silent. An event named `error` says that the turn has failed after its stream had begun: its data is an Error, and it is the last.',
  },
  Error: {
    type: 'object',
    description: 'What the function says of a failure.',
    required: ['error', 'code', 'requestId'],
    properties: {
      error: { type: 'string', description: 'A sentence for people.' },
      code: { enum: Object.keys(STATUS_OF_CODE), description: 'For programs.' },
      requestId: { type: 'string' },
    },
    additionalProperties: false,
  },
  GatewayError: {
    description: 'What API Gateway says itself: the request has not reached the agent.',
    type: 'object',
    properties: { message: { type: ['string', 'null'] }, Message: { type: ['string', 'null'] } },
    anyOf: [{ required: ['message'] }, { required: ['Message'] }],
  },
  Stopped: {
    type: 'object',
    required: ['session_id', 'status'],
    properties: { session_id: SESSION_ID, status: { const: 'stopped' } },
    additionalProperties: false,
  },
  ProbeRequest: {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        (Object.keys(PROBE_DEFAULTS) as (keyof ProbeRequest)[]).map((name) => [
          name,
          {
            type: ['integer', 'null'],
            minimum: name === 'count' ? 1 : 0,
            maximum: PROBE_MAXIMA[name],
            default: PROBE_DEFAULTS[name],
            description: PROBE_MEANING[name],
          },
        ]),
      ),
      flush: FLUSH_MODE,
    },
  },
  ProbeEvent: {
    type: 'object',
    description: 'Data of each event `probe`.',
    required: ['index', 'count', 'sent_ms', 'flush'],
    properties: {
      index: { type: 'integer', minimum: 0 },
      count: { type: 'integer', minimum: 1 },
      sent_ms: { type: 'number', description: 'When it was written, ms since the function got the request.' },
      flush: FLUSH_MODE,
      pad: { type: 'string' },
    },
    additionalProperties: false,
  },
} as const;

/**
 * Describes a deployed API by the OpenAPI Specification 3.1.1: what the endpoint takes and answers (src/protocol.ts), and how its
 * callers prove who they are. The preflight is left out: browsers send it on their own.
 * @returns the document, ready for `JSON.stringify`
 */
export function openApiDocument(facts: ApiFacts) {
  const { url, title, version, idleLimitMs } = facts;
  const { schemes, requirement } = securityOf(facts);
  const silence =
    idleLimitMs && ` A stream that is silent for ${idleLimitMs / 1_000} s is cut; comments of the endpoint keep it alive.`;
  return {
    openapi: '3.1.1',
    info: {
      title,
      version,
      summary: 'A streaming API in front of an Amazon Bedrock AgentCore agent',
      description: `Answers stream as the agent makes them, for 15 minutes at most.${silence ?? ''}`,
    },
    servers: [{ url }],
    security: requirement,
    paths: {
      [INVOKE_PATH]: { post: invokeOperation(facts), delete: stopOperation(facts) },
      [PROBE_PATH]: { post: probeOperation(facts) },
    },
    components: { schemas: SCHEMAS, securitySchemes: schemes },
  };
}

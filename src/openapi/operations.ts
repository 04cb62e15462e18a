import { ERROR_EVENT, QUALIFIER_PATTERN, SESSION_HEADER, STATUS_OF_CODE, type WireErrorCode } from '../protocol.ts';
import type { ApiFacts } from './api-facts.ts';
import { errorResponses } from './error-responses.ts';

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

/** Codes of the function. API Gateway itself refuses paths and methods that are not deployed, so nobody sees NOT_FOUND. */
function codesBut(...others: readonly WireErrorCode[]): WireErrorCode[] {
  const codes = Object.keys(STATUS_OF_CODE) as WireErrorCode[];
  return codes.filter((code) => code !== 'NOT_FOUND' && !others.includes(code));
}

const SESSION_PARAMETER = { name: SESSION_HEADER, in: 'header', schema: ref('SessionId') };

const TIMING_HEADER = {
  'Server-Timing': {
    description: 'How long the function took: `init` when it had to start, `agentcore` to an answer.',
    schema: { type: 'string' },
  },
};

const EXAMPLE_SESSION = '5f0c1f3a-3a56-4d6c-9a0e-0b1c9b1d2e3f';

/** `POST /invoke`: a turn. */
export function invokeOperation(facts: ApiFacts): object {
  return {
    operationId: 'invoke',
    summary: 'Ask the agent, and stream its answer',
    parameters: [{ ...SESSION_PARAMETER, description: 'A session to go on with.' }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: ref('InvokeRequest'),
          examples: {
            first: { summary: 'A new session', value: { prompt: 'Hello!' } },
            next: { summary: 'The same conversation', value: { prompt: 'And then?', session_id: EXAMPLE_SESSION } },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The agent's answer, in the media type that the agent gives it.",
        headers: { [SESSION_HEADER]: { required: true, schema: ref('SessionId') }, ...TIMING_HEADER },
        content: {
          'text/event-stream': {
            schema: ref('EventStream'),
            // OpenAPI 3.1 has no word for the events of a stream.
            'x-sse-events': { [ERROR_EVENT]: ref('Error') },
            examples: {
              answer: { value: 'data: "Hel"\n\ndata: "lo!"\n\n' },
              failure: {
                value:
                  'data: "Hel"\n\nevent: error\ndata: {"error":"the agent broke off before the end of its answer","code":"STREAM_INTERRUPTED","requestId":"..."}\n\n',
              },
            },
          },
          'application/json': { schema: {} },
        },
      },
      ...errorResponses(facts, codesBut('SESSION_NOT_FOUND')),
    },
  };
}

/** `DELETE /invoke`: StopRuntimeSession. */
export function stopOperation(facts: ApiFacts): object {
  return {
    operationId: 'stopSession',
    summary: "Stop the session's work: what leaving the stream alone does not do",
    parameters: [
      { ...SESSION_PARAMETER, required: true },
      {
        name: 'qualifier',
        in: 'query',
        description: 'The `qualifier` that the turns of the session were sent with.',
        schema: { type: 'string', pattern: QUALIFIER_PATTERN.source },
      },
    ],
    responses: {
      200: {
        description: 'The session is stopped, and its streams have ended.',
        content: { 'application/json': { schema: ref('Stopped') } },
      },
      ...errorResponses(facts, codesBut('AGENT_NOT_FOUND', 'STREAM_INTERRUPTED', 'DEADLINE_EXCEEDED')),
    },
  };
}

/** `POST /probe`: the synthetic stream. */
export function probeOperation(facts: ApiFacts): object {
  return {
    operationId: 'probe',
    summary: 'A stream that the function makes itself: shows whether answers stream, and costs no tokens',
    requestBody: {
      content: {
        'application/json': { schema: ref('ProbeRequest'), examples: { short: { value: { count: 5, interval_ms: 200 } } } },
      },
    },
    responses: {
      200: {
        description: 'One event `probe` after another.',
        headers: TIMING_HEADER,
        content: { 'text/event-stream': { schema: ref('EventStream'), 'x-sse-events': { probe: ref('ProbeEvent') } } },
      },
      ...errorResponses(facts, ['INVALID_REQUEST', 'INTERNAL_ERROR']),
    },
  };
}

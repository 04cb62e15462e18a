import { STATUS_OF_CODE, type WireErrorCode } from '../protocol.ts';
import { type ApiFacts, usesTokens } from './api-facts.ts';

/** The meaning of each code, for the description of its status. */
const MEANING: Readonly<Record<WireErrorCode, string>> = {
  INVALID_REQUEST: 'the body or the query is not what it should be',
  INVALID_SESSION_ID: 'the session id is missing or has the wrong form',
  AGENT_REJECTED: 'AgentCore takes the request for invalid',
  AGENT_UNAUTHORIZED: 'the agent wants a token that this endpoint has not',
  AGENT_ACCESS_DENIED: 'the endpoint may not call the agent',
  CALLER_UNKNOWN: 'the caller has no identity that this endpoint needs',
  NOT_FOUND: 'there is no such path or method',
  AGENT_NOT_FOUND: 'there is no such agent or AgentCore endpoint',
  SESSION_NOT_FOUND: 'there is no such session; it may have ended',
  SESSION_CONFLICT: 'the session is being started or stopped: try again',
  PAYLOAD_TOO_LARGE: 'the request is larger than the agent takes',
  AGENT_ERROR: 'the agent itself has failed',
  THROTTLED: 'AgentCore is throttling: try again',
  QUOTA_EXCEEDED: 'the account has too many active sessions',
  INTERNAL_ERROR: 'the function has failed',
  AGENT_UNAVAILABLE: 'AgentCore could not be reached',
  STREAM_INTERRUPTED: 'the agent broke off',
  AGENT_TIMEOUT: 'the agent did not answer in time',
  DEADLINE_EXCEEDED: 'the turn reached the time limit of the endpoint',
};

/**
 * API Gateway's own answers, by status (developer guide, "Gateway response types for API Gateway"; 502 and 500 of a function:
 * Lambda guide, "Handling errors with an API Gateway API").
 */
const GATEWAY: Readonly<Record<number, string>> = {
  400: 'a malformed request',
  401: 'a token is missing or not accepted',
  403: 'the caller is not let in, or a policy or WAF refuses the request',
  413: 'a request of more than 10 MB, or of more than 6 MB as a Lambda event',
  429: 'a throttle or quota is used up',
  500: 'the authorizer or the integration could not be called',
  502: 'the function has failed',
  504: 'the function did not answer in time',
};

const ERROR = { $ref: '#/components/schemas/Error' };
const GATEWAY_ERROR = { $ref: '#/components/schemas/GatewayError' };

/** The answers other than 200 of an operation, by status. @param codes that the function can answer with */
export function errorResponses(facts: ApiFacts, codes: readonly WireErrorCode[]): Record<string, unknown> {
  const ofGateway = Object.keys(GATEWAY).map(Number);
  const all = [
    ...codes.map((code) => STATUS_OF_CODE[code]),
    ...ofGateway.filter((status) => status !== 401 || usesTokens(facts)),
  ];
  const statuses = [...new Set(all)].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const ours = codes.filter((code) => STATUS_OF_CODE[code] === status);
      return [String(status), errorResponse(ours, GATEWAY[status])];
    }),
  );
}

function errorResponse(codes: readonly WireErrorCode[], gateway: string | undefined): object {
  const meanings = codes.map((code) => `\`${code}\`: ${MEANING[code]}`);
  const ours = codes.length === 0 ? [] : [{ allOf: [ERROR, { properties: { code: { enum: codes } } }] }];
  return {
    description: [...meanings, ...(gateway === undefined ? [] : [`API Gateway: ${gateway}`])].join('; '),
    headers: {
      'x-amzn-RequestId': { schema: { type: 'string' } },
      ...(codes.length > 0 && { 'X-Session-Id': { schema: { $ref: '#/components/schemas/SessionId' } } }),
      ...(gateway !== undefined && { 'x-amzn-ErrorType': { schema: { type: 'string' } } }),
    },
    content: { 'application/json': { schema: { anyOf: [...ours, ...(gateway === undefined ? [] : [GATEWAY_ERROR])] } } },
  };
}

import { createHmac } from 'node:crypto';
import type { Config } from './config.ts';
import type { RequestContext } from './request.ts';
import { WireError } from './response.ts';

/**
 * A value of the header that carries the user id: 1 to 1,024 characters (API model of InvokeAgentRuntime), restricted to values that
 * arrive unchanged. Recipients strip space around a header's value (RFC 9110, 5.5): `ada` and ` ada` would be one user.
 */
const USER_ID_PATTERN = /^[!-~](?:[ -~]{0,1022}[!-~])?$/;

/**
 * Reads the caller, as AgentCore is told, from API Gateway's `requestContext` alone, since the gateway has verified it. Headers and the
 * body can be written by anybody.
 * @param key of the stack, here the function's ARN. It need not be a secret: the id that is hashed with it begins with the caller's
 *   identity, which the gateway has verified, so knowing the key lets nobody compute their way into a session of another caller. It
 *   keeps two stacks in front of one agent apart.
 * @throws {WireError} CALLER_UNKNOWN when the function is set to need an identity, and the gateway has verified none
 */
export function readCaller(
  context: RequestContext | undefined,
  sessionId: string,
  { userIdFrom, sessionScope }: Pick<Config, 'userIdFrom' | 'sessionScope'>,
  key: string,
) {
  return {
    /** Session id towards AgentCore: the client's own unless sessions are bound to their caller. */
    sessionId: sessionScope === 'caller' ? bind(identityOf(context), sessionId, key) : sessionId,
    /** Undefined when the function is not set to tell the agent who its user is. */
    userId: userIdFrom === '' ? undefined : readUserId(context, userIdFrom),
  };
}

/**
 * The verified identity, by authorizer (developer guide, "Input format of a Lambda function for proxy integration"): a user pool's
 * claims, a Lambda authorizer's principalId and context, the identity or the ARN of the signer, the id of an API key.
 */
function identityOf(context: RequestContext | undefined): readonly [kind: string, value: string] {
  const { authorizer, identity } = context ?? {};
  const found = (
    [
      ['sub', claimsOf(authorizer) && claim(authorizer, 'sub')],
      ['principal', authorizer?.['principalId']],
      // All users of an identity pool share one role and one session name, so one ARN.
      ['cognito', identity?.cognitoIdentityId],
      ['arn', identity?.userArn],
      ['key', identity?.apiKeyId],
    ] as const
  ).find(([, value]) => typeof value === 'string' && value !== '');
  if (found) return found as [string, string];
  throw unknown('sessions here belong to their callers, and this request has none');
}

function readUserId(context: RequestContext | undefined, from: string): string {
  const { authorizer, identity } = context ?? {};
  let value: unknown;
  if (from === 'principal') value = authorizer?.['principalId'] ?? identity?.cognitoIdentityId ?? identity?.userArn;
  else value = claim(authorizer, from === 'sub' ? from : from.slice('claim:'.length));
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  const text = isPlain ? String(value) : value;
  if (typeof text === 'string' && USER_ID_PATTERN.test(text)) return text;
  throw unknown(`the identity of the caller has no usable ${from.replace(':', ' ')}`);
}

/** A claim of a user pool's token, or else a member of a Lambda authorizer's context (text, numbers and booleans only). */
function claim(authorizer: RequestContext['authorizer'], name: string): unknown {
  return (claimsOf(authorizer) ?? authorizer)?.[name];
}

function claimsOf(authorizer: RequestContext['authorizer']): Record<string, unknown> | undefined {
  const claims = authorizer?.['claims'];
  return typeof claims === 'object' ? ((claims ?? {}) as Record<string, unknown>) : undefined;
}

/** 64 hexadecimal characters: a session id as AgentCore takes it. Each part with its length, so that no two callers can share one. */
function bind(identity: readonly string[], sessionId: string, key: string): string {
  const text = [...identity, sessionId].map((part) => `${Buffer.byteLength(part)}:${part}`);
  return createHmac('sha256', key).update(text.join('')).digest('hex');
}

function unknown(message: string): WireError {
  return new WireError('CALLER_UNKNOWN', message);
}

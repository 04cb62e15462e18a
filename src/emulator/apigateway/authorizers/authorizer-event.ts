import type { Place } from '../../kernel/place.ts';
import type { Authorizer } from './authorizer.ts';
import { toProxyEvent } from '../front-door/proxy-event.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/**
 * The event of a Lambda authorizer (developer guide, "Input to an API Gateway Lambda authorizer"): the token, or the request
 * without its body.
 */
export function authorizerEvent(
  request: UnauthorizedRequest,
  type: Authorizer['type'],
  [token = '']: readonly string[],
  place: Place,
): object {
  const { methodArn } = request.target;
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: token };
  const {
    body: _body,
    isBase64Encoded: _encoded,
    ...rest
  } = toProxyEvent({ ...request, caller: {}, apiKey: undefined }, place);
  // Where a function behind the method gets null, the examples here have an empty object.
  const filled = Object.entries(rest).map(([name, value]) => [name, value ?? {}]);
  return { type, methodArn, ...Object.fromEntries(filled) };
}

import type { Authorizer } from './authorizer.ts';
import type { AuthorizationInput } from './authorize.ts';
import type { Caller } from '../caller.ts';
import { accessDenied, unauthorized } from '../front-door/gateway-error.ts';
import { readIdentity } from './read-identity.ts';
import { deniedBy, resourceDecision } from './resource-policy.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/**
 * AuthorizationType COGNITO_USER_POOLS (developer guide, "Control access to REST APIs using Amazon Cognito user pools"; re:Post,
 * "How do I troubleshoot 401 Unauthorized errors"): the token comes from one of the authorizer's pools and is good. A method with
 * scopes wants an access token with one of them, a method without scopes an identity token. A resource policy is evaluated after
 * that, by itself, and has to allow ("How API Gateway resource policies affect authorization workflow").
 * @throws {GatewayError} 401 or 403
 */
export async function authorizeByToken(
  request: UnauthorizedRequest,
  authorizer: Authorizer,
  { verifyToken, limits }: AuthorizationInput,
): Promise<Caller> {
  const [value = ''] = readIdentity(authorizer.identitySource ?? '', request) ?? [];
  // With or without `Bearer` (Cognito developer guide, "Accessing resources with API Gateway after sign-in").
  const token = value.replace(/^Bearer\s+/i, '').trim();
  if (token === '') throw unauthorized();
  const verdict = await verifyToken?.(token, authorizer.providerArns);
  if (verdict?.type === 'expired') throw unauthorized('The incoming token has expired');
  if (verdict?.type !== 'valid') throw unauthorized();
  const { claims } = verdict;
  const { authorizationScopes } = request.method;
  const wantsAccessToken = authorizationScopes.length > 0;
  if (claims['token_use'] !== (wantsAccessToken ? 'access' : 'id')) throw unauthorized();
  const audience = authorizer.identityValidationExpression;
  if (audience !== undefined && !new RegExp(audience).test(String(claims['aud']))) {
    throw unauthorized();
  }
  const { scope: granted } = claims;
  const scopes = typeof granted === 'string' ? granted.split(' ') : [];
  if (wantsAccessToken && !authorizationScopes.some((scope) => scopes.includes(scope))) {
    throw limits.scopeMismatchStatus === 401
      ? unauthorized()
      : accessDenied('User is not authorized to access this resource');
  }
  const decision = request.target.policy ? resourceDecision(request.target) : 'allow';
  if (decision !== 'allow') throw deniedBy(decision, request.target);
  return { authorizer: { claims: asText(claims) } };
}

/** Claims reach the function as text, and lists with commas. */
function asText(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.join(',')
        : typeof value === 'string'
          ? value
          : JSON.stringify(value),
    ]),
  );
}

import { accessDenied, unauthorized } from '../front-door/gateway-error.ts';
import type { RouteInput, RoutedRequest } from '../front-door/route.ts';
import type { Authorizer } from '../records/authorizer.ts';
import { readIdentity } from './identity-source.ts';
import { requireResourceAllow } from './resource-policy.ts';

/**
 * AuthorizationType COGNITO_USER_POOLS (developer guide, "Control access to REST APIs using Amazon Cognito user pools"; re:Post,
 * "How do I troubleshoot 401 Unauthorized errors"): one of the authorizer's pools issued the token, and it is valid. A method with
 * scopes needs an access token with one of them, a method without scopes an identity token. The resource policy is evaluated
 * separately after that, and has to allow ("How API Gateway resource policies affect authorization workflow").
 * @throws {GatewayError} 401 or 403
 */
export async function authorizeByToken(request: RoutedRequest, authorizer: Authorizer, { verifyToken, limits }: RouteInput) {
  const [value = ''] = readIdentity(authorizer.identitySource ?? '', request) ?? [];
  // With or without `Bearer` (Cognito developer guide, "Accessing resources with API Gateway after sign-in").
  const token = value.replace(/^Bearer\s+/i, '').trim();
  if (token === '') throw unauthorized();
  const verdict = await verifyToken(token, authorizer.providerARNs);
  if (verdict.type === 'expired') throw unauthorized('The incoming token has expired');
  if (verdict.type !== 'valid') throw unauthorized();
  const { claims } = verdict;
  const { authorizationScopes } = request.method;
  const needsAccessToken = authorizationScopes.length > 0;
  if (claims['token_use'] !== (needsAccessToken ? 'access' : 'id')) throw unauthorized();
  const audience = authorizer.identityValidationExpression;
  if (audience !== undefined && !new RegExp(audience).test(String(claims['aud']))) throw unauthorized();
  const { scope: granted } = claims;
  const scopes = typeof granted === 'string' ? granted.split(' ') : [];
  if (needsAccessToken && !authorizationScopes.some((scope) => scopes.includes(scope)))
    throw limits.scopeMismatchStatus === 401 ? unauthorized() : accessDenied('User is not authorized to access this resource');
  requireResourceAllow(request);
  return { authorizer: { claims: asText(claims) } };
}

/** Claims reach the function as text; lists are joined with commas. */
function asText(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

import { decide } from '../../iam/policy.ts';
import { scaleWait } from '../../kernel/time-scale.ts';
import { askAuthorizer } from './ask-authorizer.ts';
import type { AuthorizationInput } from './authorize.ts';
import type { AuthorizerAnswer } from './authorizer-answer.ts';
import type { Authorizer } from './authorizer.ts';
import type { Caller } from '../caller.ts';
import { accessDenied, unauthorized } from '../front-door/gateway-error.ts';
import { policyOutcome } from './policy-outcome.ts';
import { readIdentity } from './read-identity.ts';
import { originConditions } from '../front-door/request-origin.ts';
import { deniedBy, INVOKE_ACTION, resourceDecision } from './resource-policy.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/**
 * AuthorizationType CUSTOM (developer guide, "Use API Gateway Lambda authorizers"): without the identity that the authorizer wants,
 * 401 and no call; else the function's policy decides, and is kept for others with that identity. An explicit Deny of the resource
 * policy comes before the call, all else of it together with the answer ("How API Gateway resource policies affect authorization
 * workflow", table A).
 * @throws {GatewayError} 401, 403, or 500 for an authorizer that does not work
 */
export async function authorizeByLambda(
  request: UnauthorizedRequest,
  authorizer: Authorizer,
  input: AuthorizationInput,
): Promise<Caller> {
  const { target, apiId, stage } = request;
  const before = resourceDecision(target);
  if (before === 'explicit-deny') throw deniedBy(before, target);
  const identity = readIdentity(authorizer.identitySource ?? '', request);
  if (!identity || !matchesExpression(authorizer, identity)) throw unauthorized();

  const key = JSON.stringify([apiId, stage.name, authorizer.id, ...identity]);
  const known = input.cache.get(key);
  const startedAt = performance.now();
  const answer = known ?? (await askAuthorizer(request, authorizer, identity, input));
  const ttlMs = scaleWait(authorizer.resultTtlSeconds * 1_000, input.limits.timeScale);
  if (!known) input.cache.put(key, answer, ttlMs);

  const asked = decide([answer.policy], {
    action: INVOKE_ACTION,
    resource: target.methodArn,
    context: originConditions(target.incoming),
  });
  const decision = policyOutcome(asked, before, true);
  // In the words of re:Post, "How do I troubleshoot HTTP 403 Forbidden errors when using a Lambda authorizer".
  const words = 'User is not authorized to access this resource';
  if (decision === 'explicit-deny') throw accessDenied(`${words} with an explicit deny`);
  if (decision !== 'allow') throw accessDenied(words);
  return { authorizer: contextOf(answer, Math.round(performance.now() - startedAt)) };
}

/** TOKEN only: the token is compared with the expression before anybody is asked. */
function matchesExpression(
  { type, identityValidationExpression }: Authorizer,
  [token = '']: readonly string[],
): boolean {
  if (type !== 'TOKEN' || !identityValidationExpression) return true;
  return new RegExp(`^(?:${identityValidationExpression})$`).test(token);
}

function contextOf({ principalId, context }: AuthorizerAnswer, integrationLatency: number) {
  return { ...context, principalId, integrationLatency };
}

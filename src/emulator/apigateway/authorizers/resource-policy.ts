import { accessDenied, type GatewayError } from '../front-door/gateway-error.ts';
import { originConditions } from '../front-door/request-context.ts';
import type { RoutedRequest } from '../front-door/route.ts';
import { decide, type Decision, type Identity, type PolicyDocument } from '../../iam/policy.ts';
import { arn, type Place } from '../../kernel/place.ts';

export const EXECUTE_API_INVOKE = 'execute-api:Invoke';

/** The decision of an API's resource policy about a caller: an implicit deny without a policy. */
export function resourceDecision(
  { place, apiId, methodArn, exchange, deployment: { policy } }: RoutedRequest,
  caller?: Pick<Identity, 'arn'> & Partial<Pick<Identity, 'accountId'>>,
): Decision {
  if (!policy) return 'implicit-deny';
  return decide([expand(policy, place, apiId)], {
    action: EXECUTE_API_INVOKE,
    resource: methodArn,
    principal: caller ?? {},
    context: originConditions(exchange.incoming),
  });
}

/** Lets the resource policy alone decide; without one, everybody may call. @throws {GatewayError} 403 */
export function requireResourceAllow(request: RoutedRequest): void {
  const decision = request.deployment.policy ? resourceDecision(request) : 'allow';
  if (decision !== 'allow') throw deniedBy(decision, request);
}

/** The error for a caller that policies deny, in the words of re:Post ("troubleshoot HTTP 403 Forbidden errors"). */
export function deniedBy(decision: Exclude<Decision, 'allow'>, { methodArn }: RoutedRequest, user = 'anonymous'): GatewayError {
  // The message shows only the last four digits of the account (developer guide).
  const resource = methodArn.replace(/:\d{8}(\d{4}):/, ':********$1:');
  const suffix = decision === 'explicit-deny' ? ' with an explicit deny' : '';
  return accessDenied(`User: ${user} is not authorized to perform: ${EXECUTE_API_INVOKE} on resource: ${resource}${suffix}`);
}

/** Writes `execute-api:/stage/METHOD/path` out as an ARN (developer guide, "Access policy language overview"). */
function expand(policy: PolicyDocument, place: Place, apiId: string): PolicyDocument {
  const whole = (resource: string): string => resource.replace(/^execute-api:\//, `${arn(place, 'execute-api', apiId)}/`);
  const statements = [policy.Statement].flat();
  return {
    ...policy,
    Statement: statements.map((statement) => ({
      ...statement,
      ...(statement.Resource && { Resource: [statement.Resource].flat().map(whole) }),
    })),
  };
}

/**
 * The joint decision of an identity policy (or a Lambda authorizer's policy) and the resource policy (developer guide, "How API Gateway
 * resource policies affect authorization workflow"): within one account one Allow is enough (table A), across accounts it takes both
 * (table B), and a Deny of either is final.
 */
export function policyOutcome(own: Decision, resource: Decision, sameAccount: boolean): Decision {
  const decisions = [own, resource];
  if (decisions.includes('explicit-deny')) return 'explicit-deny';
  const allows = decisions.filter((each) => each === 'allow').length;
  return allows >= (sameAccount ? 1 : 2) ? 'allow' : 'implicit-deny';
}

import type { IncomingMessage } from 'node:http';
import { type Decision, decide, type PolicyDocument } from '../../iam/policy.ts';
import type { Identity } from '../../iam/identity.ts';
import { arn, type Place } from '../../kernel/place.ts';
import { accessDenied, type GatewayError } from '../front-door/gateway-error.ts';
import { originConditions } from '../front-door/request-origin.ts';

export const INVOKE_ACTION = 'execute-api:Invoke';

/** A call of a deployed method, as policies see it. */
export interface PolicyTarget {
  readonly place: Place;
  readonly apiId: string;
  /** `arn:...:execute-api:...:{api}/{stage}/{METHOD}/{path}` */
  readonly methodArn: string;
  readonly incoming: IncomingMessage;
  readonly policy: PolicyDocument | undefined;
}

/** What the resource policy of an API says about a caller; without a policy it says nothing. */
export function resourceDecision(
  { place, apiId, methodArn, incoming, policy }: PolicyTarget,
  caller?: Pick<Identity, 'arn'> & Partial<Pick<Identity, 'accountId'>>,
): Decision {
  if (!policy) return 'implicit-deny';
  return decide([expand(policy, place, apiId)], {
    action: INVOKE_ACTION,
    resource: methodArn,
    principal: caller ?? {},
    context: originConditions(incoming),
  });
}

/** The error for a caller that policies keep out, in the words of re:Post ("troubleshoot HTTP 403 Forbidden errors"). */
export function deniedBy(
  decision: Exclude<Decision, 'allow'>,
  { methodArn }: Pick<PolicyTarget, 'methodArn'>,
  user = 'anonymous',
): GatewayError {
  // All but the last digits of the account are hidden from the client, as the developer guide shows the message.
  const resource = methodArn.replace(/:\d{8}(\d{4}):/, ':********$1:');
  const suffix = decision === 'explicit-deny' ? ' with an explicit deny' : '';
  return accessDenied(
    `User: ${user} is not authorized to perform: ${INVOKE_ACTION} on resource: ${resource}${suffix}`,
  );
}

/**
 * Developer guide, "Access policy language overview for Amazon API Gateway": `execute-api:/stage/METHOD/path` stands for the ARN of
 * the API that the policy is of.
 */
function expand(policy: PolicyDocument, place: Place, apiId: string): PolicyDocument {
  const whole = (resource: string): string =>
    resource.replace(/^execute-api:\//, `${arn(place, 'execute-api', apiId)}/`);
  const statements = [policy.Statement].flat();
  return {
    ...policy,
    Statement: statements.map((statement) => ({
      ...statement,
      ...(statement.Resource && { Resource: [statement.Resource].flat().map(whole) }),
    })),
  };
}

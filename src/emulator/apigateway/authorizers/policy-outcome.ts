import type { Decision } from '../../iam/policy.ts';

/**
 * What an identity policy (or that of a Lambda authorizer) and the resource policy decide together (developer guide, "How API Gateway
 * resource policies affect authorization workflow"): within one account one Allow is enough (table A), across accounts it takes both
 * (table B), and a Deny of either is final.
 */
export function policyOutcome(one: Decision, other: Decision, sameAccount: boolean): Decision {
  const decisions = [one, other];
  if (decisions.includes('explicit-deny')) return 'explicit-deny';
  const allows = decisions.filter((each) => each === 'allow').length;
  return allows >= (sameAccount ? 1 : 2) ? 'allow' : 'implicit-deny';
}

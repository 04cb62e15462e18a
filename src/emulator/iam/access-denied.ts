import { AwsError } from '../kernel/aws-error.ts';
import type { Decision } from './policy.ts';
import type { Identity } from './principal.ts';

/** The error of a call that IAM refuses, in AWS's words (IAM user guide, "Troubleshoot access denied error messages"). */
export function accessDenied(
  { arn }: Pick<Identity, 'arn'>,
  action: string,
  resource: string,
  decision: Exclude<Decision, 'allow'>,
): AwsError {
  const reason =
    decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return new AwsError(
    'AccessDeniedException',
    403,
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  );
}

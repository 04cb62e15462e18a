import type { Decision, PolicyDocument } from './policy.ts';
import { AwsError } from '../kernel/aws-error.ts';

/** An access key of a user or role that the emulator knows beside the account owner's. Its signatures are verified. */
export interface Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Twelve digits; the emulator's own account by default. */
  readonly accountId?: string;
  /** `arn:aws:iam::{account}:user/{access key id}` by default. */
  readonly arn?: string;
  /** Its identity policy. Without one, everything is allowed. */
  readonly policy?: PolicyDocument;
}

/** The user or role session that makes a call. */
export interface Identity {
  /** ARN of the user, or of the session of an assumed role. */
  readonly arn: string;
  readonly accountId: string;
  /** Absent when everything is allowed. */
  readonly policies?: readonly PolicyDocument[];
  /** Limits what the policies can allow (IAM user guide, "Permissions boundaries for IAM entities"). */
  readonly boundary?: PolicyDocument;
}

/** The error of a call that IAM denies, in AWS's words (IAM user guide, "Troubleshoot access denied error messages"). */
export function accessDeniedException(
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

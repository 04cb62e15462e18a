import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, toOperationError } from '../aws/aws-access.ts';
import { OperationError } from '../cli/errors.ts';
import type { CheckResult } from '../stack/check-result.ts';
import { renewCredentials } from '../aws/renew-credentials.ts';

/** Whether there are credentials that have not expired; whether AWS takes them shows with the first call. */
export async function checkCredentials(
  client: CloudFormationClient,
  access: AwsAccess,
): Promise<CheckResult> {
  const check = 'credentials';
  try {
    const { expiration } = await client.config.credentials();
    if (expiration === undefined || expiration.getTime() > Date.now()) {
      return { check, status: 'ok', text: 'there are credentials' };
    }
    return {
      check,
      status: 'failed',
      code: 'EXPIRED_CREDENTIALS',
      text: 'the AWS credentials have expired',
      hint: renewCredentials(access),
    };
  } catch (error) {
    if (isExpiredSso(error)) {
      return {
        check,
        status: 'failed',
        code: 'EXPIRED_CREDENTIALS',
        text: `the SSO session${access.profile ? ` of the profile ${access.profile}` : ''} has expired`,
        hint: renewCredentials({ ...(access.profile && { profile: access.profile }) }),
      };
    }
    const known = toOperationError(error, access);
    return {
      check,
      status: 'failed',
      code: known instanceof OperationError ? known.code : 'NO_CREDENTIALS',
      text: known.message,
      hint: known instanceof OperationError ? known.hint : undefined,
    };
  }
}

/** The SDK tells a session that is over in words only: "The SSO session ... has expired", "Token is expired. To refresh this SSO session ...". */
function isExpiredSso(error: unknown): boolean {
  const { message } = error as Error;
  return /sso/i.test(message) && /expired|refresh|invalid|not found/i.test(message);
}

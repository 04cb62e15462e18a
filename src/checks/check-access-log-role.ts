import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { CheckResult } from '../stack/check-result.ts';
import { failureHint } from '../stack/stack-failure.ts';
import { redactArns } from '../aws/redact-arns.ts';

const CHECK = 'access-log-role';

/** AWS's own words for the failure that this check foresees. */
const MISSING = 'CloudWatch Logs role ARN must be set in account settings to enable logging';

/** Whether a stack with these parameters writes access logs. It never brings the role itself: the account has one for all its APIs. */
export function needsAccessLogRole(
  parameters: Readonly<Record<string, string | undefined>>,
): boolean {
  return parameters['AccessLog'] === 'on';
}

/**
 * Whether API Gateway has a role to write logs with: one for the account and Region, without which a stage with access logs fails
 * (user guide, aws-resource-apigateway-account).
 */
export async function checkAccessLogRole(access: AwsAccess): Promise<CheckResult> {
  const client = new APIGatewayClient(clientConfig(access));
  try {
    const { cloudwatchRoleArn } = await client.send(new GetAccountCommand({}));
    if (cloudwatchRoleArn) {
      return { check: CHECK, status: 'ok', text: 'API Gateway has a role for its logs' };
    }
    return {
      check: CHECK,
      status: 'failed',
      code: 'NO_ACCESS_LOG_ROLE',
      text: 'API Gateway has no role for its logs in this account and Region',
      hint: failureHint(MISSING),
    };
  } catch (error) {
    const reason = redactArns((error as Error).message);
    const text = `whether API Gateway has a role for its logs could not be checked: ${reason}`;
    return { check: CHECK, status: 'note', text };
  } finally {
    client.destroy();
  }
}

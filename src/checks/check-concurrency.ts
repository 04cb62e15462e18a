import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import type { CheckResult } from '../stack/check-result.ts';
import { redactArns } from '../aws/redact-arns.ts';

const CHECK = 'concurrency';

/** What an account has to keep for functions without a reserve (developer guide of Lambda, "Configuring reserved concurrency"). */
const KEPT_UNRESERVED = 100;

/**
 * Whether the account can set so many concurrent runs aside.
 * @param wanted the reserve of the function
 * @param current what it has already; 0 for none
 */
export async function checkConcurrency(
  wanted: number,
  current: number,
  access: AwsAccess,
): Promise<CheckResult> {
  const client = new LambdaClient(clientConfig(access));
  try {
    const { AccountLimit: limit } = await client.send(new GetAccountSettingsCommand({}));
    const most = (limit?.UnreservedConcurrentExecutions ?? 0) + current - KEPT_UNRESERVED;
    if (wanted <= most) {
      const text = `the account can keep ${wanted} concurrent runs for the function`;
      return { check: CHECK, status: 'ok', text };
    }
    return {
      check: CHECK,
      status: 'failed',
      code: 'CONCURRENCY_TOO_HIGH',
      text: `--max-concurrency ${wanted} is more than the ${Math.max(most, 0)} that the account can set aside: ${KEPT_UNRESERVED} stay for all other functions`,
      hint: 'take fewer, or ask for more in Service Quotas: Lambda, "Concurrent executions"',
    };
  } catch (error) {
    const reason = redactArns((error as Error).message);
    const text = `whether the account has ${wanted} concurrent runs left could not be checked: ${reason}`;
    return { check: CHECK, status: 'note', text };
  } finally {
    client.destroy();
  }
}

import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, withClients } from '../aws/aws-access.ts';
import { failureHint } from '../stack/stack-report.ts';
import { type Check, failed, note, notChecked, ok, warning } from './check.ts';

/** AWS's own words for the failure that the check of the role foresees. */
const ROLE_MISSING = 'CloudWatch Logs role ARN must be set in account settings to enable logging';

/**
 * Whether API Gateway has a role to write logs with: one for the account and Region, without which a stage with access logs fails
 * (user guide, aws-resource-apigateway-account). A stack never makes it.
 * @param isNeeded whether the stack writes access logs, and so its absence is a failure
 */
export async function checkAccessLogRole(access: AwsAccess, isNeeded: boolean): Promise<Check> {
  const name = 'access-log-role';
  try {
    const { cloudwatchRoleArn } = await withClients(access, [APIGatewayClient], (api) => api.send(new GetAccountCommand({})));
    if (cloudwatchRoleArn) return ok(name, 'API Gateway has a role for its logs');
    const text = 'API Gateway has no role for its logs in this account and Region';
    const cure = failureHint(ROLE_MISSING);
    return isNeeded ? failed(name, text, cure, 'NO_ACCESS_LOG_ROLE') : note(name, `${text}; only access logs need one`, cure);
  } catch (error) {
    return notChecked(name, "API Gateway's role for its logs", error);
  }
}

/**
 * Concurrency that an account keeps for functions without a reserve: 100 by the Lambda guide ("Configuring reserved concurrency"), while AWS's
 * own refusals name the account's floor and show 10, 50 and 100. Which one an account has cannot be asked for.
 */
const KEPT = { least: 10, documented: 100 };

/** The purposes that need concurrency of the account. */
export type ConcurrencyNeed =
  /** As many streams at once as the stage lets in. */
  | { readonly type: 'streams'; readonly burst: number }
  /** A reserve for the function; `current` is what it has already, 0 for none. */
  | { readonly type: 'reserve'; readonly wanted: number; readonly current: number };

const CONCURRENCY = 'concurrency';

/**
 * Whether the account has concurrency left. Every open stream holds one concurrent execution of Lambda for its whole life (Lambda guide,
 * "Understanding concurrency").
 */
export async function checkConcurrency(access: AwsAccess, need: ConcurrencyNeed): Promise<Check> {
  try {
    const { AccountLimit: limit } = await withClients(access, [LambdaClient], (lambda) =>
      lambda.send(new GetAccountSettingsCommand({})),
    );
    const left = limit?.UnreservedConcurrentExecutions ?? 0;
    return need.type === 'streams' ? judgeStreams(left, need.burst) : judgeReserve(left, need);
  } catch (error) {
    return notChecked(CONCURRENCY, "the account's Lambda concurrency", error);
  }
}

function judgeStreams(left: number, burst: number): Check {
  const text = `${left.toLocaleString('en-US')} streams can be open at once: what the account's Lambda concurrency leaves to functions without their own`;
  if (left >= burst) return ok(CONCURRENCY, text);
  return (left === 0 ? failed : warning)(
    CONCURRENCY,
    `${text}; the stage lets ${burst} in at once`,
    'ask for more in Service Quotas (Lambda, concurrent executions), or deploy with a smaller --burst-limit',
  );
}

function judgeReserve(left: number, { wanted, current }: ConcurrencyNeed & { readonly type: 'reserve' }): Check {
  const free = left + current - wanted;
  if (free >= KEPT.documented) return ok(CONCURRENCY, `the account can keep ${wanted} concurrent executions for the function`);
  if (free >= KEPT.least) {
    const leaves = `--max-concurrency ${wanted} leaves ${free} concurrent executions to all other functions`;
    return note(CONCURRENCY, `${leaves}: AWS may refuse less than ${KEPT.documented}`);
  }
  const most = Math.max(left + current - KEPT.least, 0);
  return failed(
    CONCURRENCY,
    `--max-concurrency ${wanted} is more than the ${most} that the account can set aside: at least ${KEPT.least} stay for all other functions`,
    'take fewer, or ask for more in Service Quotas: Lambda, "Concurrent executions"',
    'CONCURRENCY_TOO_HIGH',
  );
}

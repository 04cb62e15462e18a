import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig, toOperationError } from '../aws/aws-access.ts';
import { AgentstreamError } from '../cli/errors.ts';
import type { Hint } from '../cli/hint.ts';
import { checkAccessLogRole, needsAccessLogRole } from './check-access-log-role.ts';
import { checkCredentials } from './check-credentials.ts';
import { describeStack, type Stack } from '../aws/describe-stack.ts';
import { redactArns } from '../aws/redact-arns.ts';
import type { Finding } from './check.ts';
import { checkClock, watchClock } from './check-clock.ts';

export interface AccountInput {
  readonly client: CloudFormationClient;
  readonly access: AwsAccess;
  readonly stackName: string;
  /** This machine's clock, epoch ms. */
  readonly nowMs: () => number;
}

/** The template's own default, for an account without a stack. */
const DEFAULT_BURST_LIMIT = 20;

/**
 * What a deploy needs of the account: a Region, credentials, a way to AWS, a clock that agrees, and room.
 * @returns what there is of the stack; `unreachable` when AWS could not be asked
 */
export async function* checkAccount({
  client,
  access,
  stackName,
  nowMs,
}: AccountInput): AsyncGenerator<Finding, Stack | 'none' | 'unreachable'> {
  const region = await checkRegion(client, access);
  yield region;
  const credentials = await checkCredentials(client, access);
  yield toFinding(credentials, 'credentials');
  if (region.status === 'failed' || credentials.status === 'failed') return 'unreachable';
  const readSkew = watchClock(client, nowMs);
  const answer = await ask(client, access, stackName);
  yield answer.finding;
  yield checkClock(readSkew());
  if (!answer.isReached) return 'unreachable';
  const { stack } = answer;
  yield await checkLogRole(access, stack);
  yield await checkConcurrency(access, stack);
  return stack ?? 'none';
}

async function checkRegion(client: CloudFormationClient, access: AwsAccess): Promise<Finding> {
  const name = 'region';
  try {
    return { name, status: 'ok', text: `the Region is ${await client.config.region()}` };
  } catch (error) {
    return { name, status: 'failed', ...words(error, access) };
  }
}

async function ask(
  client: CloudFormationClient,
  access: AwsAccess,
  stackName: string,
): Promise<{
  readonly finding: Finding;
  readonly isReached: boolean;
  readonly stack?: Stack | undefined;
}> {
  const name = 'cloudformation';
  const where = access.endpointUrl ? ` (at ${access.endpointUrl}, which is not AWS itself)` : '';
  try {
    const stack = await describeStack(client, stackName);
    const text = `CloudFormation answers${where}`;
    return { finding: { name, status: 'ok', text }, isReached: true, stack };
  } catch (error) {
    return { finding: { name, status: 'failed', ...words(error, access) }, isReached: false };
  }
}

/** Whether the role is needed depends on the stack's options. */
async function checkLogRole(access: AwsAccess, stack: Stack | undefined): Promise<Finding> {
  const { status, text, hint } = await checkAccessLogRole(access);
  const name = 'access-log-role';
  if (status !== 'failed') return { name, status, text };
  return needsAccessLogRole(stack?.parameters ?? {})
    ? { name, status, text, fix: hint }
    : { name, status: 'note', text: `${text}; it is needed for access logs only`, fix: hint };
}

/** Every open stream holds one concurrent execution of Lambda for its whole life (Lambda guide, "Understanding concurrency"). */
async function checkConcurrency(access: AwsAccess, stack: Stack | undefined): Promise<Finding> {
  const name = 'concurrency';
  const lambda = new LambdaClient(clientConfig(access));
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const left = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    const burst = Number(stack?.parameters['BurstLimit'] ?? DEFAULT_BURST_LIMIT);
    const text = `${left.toLocaleString('en-US')} streams can be open at once: what the account's Lambda concurrency leaves to functions without their own`;
    if (left >= burst) return { name, status: 'ok', text };
    return {
      name,
      status: left === 0 ? 'failed' : 'warning',
      text: `${text}; the stage lets ${burst} in at once`,
      fix: 'ask for more in Service Quotas (Lambda, concurrent executions), or deploy with a smaller --burst-limit',
    };
  } catch (error) {
    const { text } = words(error, access);
    return { name, status: 'note', text: `Lambda's concurrency could not be checked: ${text}` };
  } finally {
    lambda.destroy();
  }
}

/** A check of the preflight's as one of ours. */
export function toFinding(
  {
    status,
    text,
    hint,
  }: {
    readonly status: 'ok' | 'note' | 'failed';
    readonly text: string;
    readonly hint?: Hint | undefined;
  },
  name: string,
): Finding {
  return { name, status, text, fix: hint };
}

function words(error: unknown, access: AwsAccess): { text: string; fix?: Hint | undefined } {
  const known = toOperationError(error, access);
  const fix = known instanceof AgentstreamError ? known.hint : undefined;
  return { text: redactArns(known.message), fix };
}

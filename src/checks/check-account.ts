import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../aws/aws-access.ts';
import { describeStack, type Stack } from '../aws/stack.ts';
import { renewCredentials } from '../aws/credential-errors.ts';
import { type Check, failed, failedBy, ok } from './check.ts';
import { checkAccessLogRole, checkConcurrency } from './check-account-settings.ts';
import { checkClock, watchClock } from './check-machine.ts';

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
 * The account's prerequisites of a deploy: a Region, credentials, a connection to AWS, a clock that agrees, a role for logs, and concurrency.
 * @returns the stack, if there is one; `unreachable` when AWS could not be asked
 */
export async function* checkAccount({
  client,
  access,
  stackName,
  nowMs,
}: AccountInput): AsyncGenerator<Check, Stack | 'none' | 'unreachable'> {
  const region = await checkRegion(client, access);
  yield region;
  const credentials = await checkCredentials(client, access);
  yield credentials;
  if (region.status === 'failed' || credentials.status === 'failed') return 'unreachable';
  const readSkew = watchClock(client, nowMs);
  const { check, stack } = await ask(client, access, stackName);
  yield check;
  yield checkClock(readSkew());
  if (check.status === 'failed') return 'unreachable';
  const parameters = stack?.parameters ?? {};
  yield await checkAccessLogRole(access, parameters['AccessLog'] === 'on');
  const burst = Number(parameters['BurstLimit'] ?? DEFAULT_BURST_LIMIT);
  yield await checkConcurrency(access, { type: 'streams', burst });
  return stack ?? 'none';
}

async function checkRegion(client: CloudFormationClient, access: AwsAccess): Promise<Check> {
  const name = 'region';
  try {
    return ok(name, `the Region is ${await client.config.region()}`);
  } catch (error) {
    return failedBy(name, error, access);
  }
}

/** Whether there are credentials that have not expired; whether AWS accepts them shows with the first call. */
export async function checkCredentials(client: CloudFormationClient, access: AwsAccess): Promise<Check> {
  const name = 'credentials';
  try {
    const { expiration } = await client.config.credentials();
    if (expiration === undefined || expiration.getTime() > Date.now()) return ok(name, 'there are credentials');
    return failed(name, 'the AWS credentials have expired', renewCredentials(access), 'EXPIRED_CREDENTIALS');
  } catch (error) {
    return failedBy(name, error, access);
  }
}

async function ask(client: CloudFormationClient, access: AwsAccess, stackName: string) {
  const name = 'cloudformation';
  const who = access.isForeign ? 'neither AWS itself nor agentstream' : 'not AWS itself';
  const where = access.endpointUrl ? ` (at ${access.endpointUrl}, which is ${who})` : '';
  try {
    const stack = await describeStack(client, stackName);
    return { check: ok(name, `CloudFormation answers${where}`), stack };
  } catch (error) {
    return { check: failedBy(name, error, access) };
  }
}

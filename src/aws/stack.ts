import type { CloudFormationClient, Stack as SdkStack } from '@aws-sdk/client-cloudformation';
import { hint, OperationError } from '../cli/errors.ts';
import { type AwsAccess, clientConfig } from './aws-access.ts';
import { notAws, toOperationError } from './aws-errors.ts';
import type { OutputValues, ParameterValues } from './stack-values.ts';

/** A stack as CloudFormation describes it. */
export type Stack = ReturnType<typeof toStack>;

/** The stack of this name, as CloudFormation describes it now. @throws {OperationError} STACK_NOT_FOUND, or what AWS said */
export async function findStack(stackName: string, access: AwsAccess): Promise<Stack> {
  const client = await createStackClient(access);
  try {
    const stack = await describeStack(client, stackName);
    if (!stack) throw await stackNotFound(stackName, client);
    return stack;
  } catch (error) {
    throw toOperationError(error, access);
  } finally {
    client.destroy();
  }
}

/** The error for a stack that is not there; it tells the Region that was searched. */
export async function stackNotFound(name: string, client: CloudFormationClient): Promise<OperationError> {
  const region = await client.config.region();
  return new OperationError('STACK_NOT_FOUND', `there is no stack ${name} in ${region}`, {
    hint: hint`check --stack-name and --region, or deploy it: ${['agentstream', 'deploy', '--agent-arn', 'ARN']}`,
  });
}

/** The stack of a name or id; undefined when there is none. AWS has no exception of its own for that, only a message. */
export async function describeStack(client: CloudFormationClient, nameOrId: string, signal?: AbortSignal) {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: nameOrId }), signal && { abortSignal: signal });
    const stack = Stacks?.[0];
    if (stack?.StackStatus) return toStack(stack);
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return undefined;
    throw error;
  }
  // AWS answers for a stack that is missing with ValidationError only.
  throw notAws('its answer has no stack', await accessOf(client));
}

/** The endpoint of a client, if it is not AWS itself. */
export async function accessOf({ config }: CloudFormationClient): Promise<AwsAccess> {
  const { protocol, hostname, port } = (await config.endpoint?.()) ?? {};
  return hostname ? { endpointUrl: `${protocol}//${hostname}${port ? `:${port}` : ''}` } : {};
}

/** Timeouts of a call. The SDK has none by default: on a network that drops packets a call would hang for as long as TCP does. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 20_000;

/** A client whose calls time out. The SDK is loaded here, so that importing this file costs nothing. */
export async function createStackClient(access: AwsAccess): Promise<CloudFormationClient> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  return new CloudFormationClient({
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    ...clientConfig(access, { answerMs: ANSWER_MS }),
  });
}

function toStack(stack: SdkStack) {
  return {
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    /** For example `CREATE_COMPLETE`. */
    status: (stack.StackStatus ?? '') as string,
    statusReason: stack.StackStatusReason,
    /** The template's description; undefined for a stack in REVIEW_IN_PROGRESS, which has no template yet. */
    description: stack.Description,
    /** Its last operation was in express mode. */
    isExpress: stack.DeploymentConfig?.Mode === 'EXPRESS',
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map((entry) => [entry.ParameterKey ?? '', entry.ParameterValue ?? '']),
    ) as ParameterValues,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map((entry) => [entry.OutputKey ?? '', entry.OutputValue ?? '']),
    ) as OutputValues,
    tags: Object.fromEntries((stack.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    /** AWS refuses to delete it (termination protection). */
    isProtected: stack.EnableTerminationProtection === true,
    /** Service role that CloudFormation works with on it; undefined when it uses the caller's credentials. */
    roleArn: stack.RoleARN,
    createdAt: stack.CreationTime,
    updatedAt: stack.LastUpdatedTime,
  };
}

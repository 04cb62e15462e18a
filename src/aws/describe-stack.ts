import type { CloudFormationClient, Stack as SdkStack } from '@aws-sdk/client-cloudformation';
import type { OutputValues, ParameterValues } from './stack-values.ts';

/** A stack as CloudFormation describes it. */
export interface Stack {
  readonly name: string;
  readonly id: string;
  /** For example `CREATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason: string | undefined;
  /** Of its template; undefined for a shell. */
  readonly description: string | undefined;
  /** Its last operation was in express mode. */
  readonly isExpress: boolean;
  readonly parameters: ParameterValues;
  readonly outputs: OutputValues;
  readonly tags: Readonly<Record<string, string>>;
  /** AWS refuses to delete it (termination protection). */
  readonly isProtected: boolean;
  /** Service role that CloudFormation works with on it; undefined when it uses the caller's credentials. */
  readonly roleArn: string | undefined;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

/** The stack of a name or id; undefined when there is none. AWS has no exception of its own for that, only a message. */
export async function describeStack(
  client: CloudFormationClient,
  nameOrId: string,
  signal?: AbortSignal,
): Promise<Stack | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks } = await client.send(
      new DescribeStacksCommand({ StackName: nameOrId }),
      signal && { abortSignal: signal },
    );
    const stack = Stacks?.[0];
    return stack && toStack(stack);
  } catch (error) {
    if (
      error instanceof Error &&
      error.name === 'ValidationError' &&
      error.message.includes('does not exist')
    )
      return undefined;
    throw error;
  }
}

function toStack(stack: SdkStack): Stack {
  return {
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    statusReason: stack.StackStatusReason,
    description: stack.Description,
    isExpress: stack.DeploymentConfig?.Mode === 'EXPRESS',
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map((entry) => [
        entry.ParameterKey ?? '',
        entry.ParameterValue ?? '',
      ]),
    ),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map((entry) => [entry.OutputKey ?? '', entry.OutputValue ?? '']),
    ),
    tags: Object.fromEntries((stack.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    isProtected: stack.EnableTerminationProtection === true,
    roleArn: stack.RoleARN,
    createdAt: stack.CreationTime,
    updatedAt: stack.LastUpdatedTime,
  };
}

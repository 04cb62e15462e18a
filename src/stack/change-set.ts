import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { OperationError } from '../errors.ts';
import { createPollDelay } from './poll-delay.ts';

export interface ChangeSetInput {
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly templateBody: string;
  readonly parameters: Parameter[];
}

/** One resource that a change set would touch. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly resourceType: string;
  /** `True`, `False` or `Conditional`; undefined for Add and Remove. */
  readonly replacement: string | undefined;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  /** Empty when nothing but outputs or tags change. */
  readonly changes: readonly ResourceChange[];
}

/**
 * Creates a change set and waits until it is ready.
 * @returns undefined when there is nothing to change; the empty change set is deleted again
 * @throws {OperationError} CHANGE_SET_FAILED with CloudFormation's reason
 */
export async function createChangeSet(
  client: CloudFormationClient,
  input: ChangeSetInput,
  signal: AbortSignal,
): Promise<ChangeSet | undefined> {
  const created = await client.send(
    new CreateChangeSetCommand({
      StackName: input.stackName,
      ChangeSetName: `agentstream-${Date.now().toString(36)}`,
      ChangeSetType: input.type,
      TemplateBody: input.templateBody,
      Parameters: input.parameters,
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const id = created.Id ?? '';
  const described = await untilReady(client, id, signal);
  if (described.Status === 'FAILED') {
    await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
    const reason = described.StatusReason ?? 'no reason given';
    if (isEmptyChangeSet(reason)) return undefined;
    throw new OperationError('CHANGE_SET_FAILED', `CloudFormation refused the change: ${reason}`);
  }
  return {
    id,
    stackId: created.StackId ?? described.StackId ?? '',
    changes: (described.Changes ?? []).map(toResourceChange),
  };
}

export async function executeChangeSet(client: CloudFormationClient, id: string): Promise<void> {
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: id }));
}

/** CloudFormation tells "nothing to do" in words only; an empty list of changes may still change outputs. */
function isEmptyChangeSet(reason: string): boolean {
  return (
    reason.startsWith("The submitted information didn't contain changes.") ||
    reason.startsWith('No updates are to be performed')
  );
}

async function untilReady(
  client: CloudFormationClient,
  id: string,
  signal: AbortSignal,
): Promise<DescribeChangeSetOutput> {
  const wait = createPollDelay(signal);
  for (;;) {
    const first = await client.send(new DescribeChangeSetCommand({ ChangeSetName: id }));
    if (first.Status === 'CREATE_COMPLETE' || first.Status === 'FAILED') {
      const changes: Change[] = [...(first.Changes ?? [])];
      let token = first.NextToken;
      while (token) {
        const page = await client.send(
          new DescribeChangeSetCommand({ ChangeSetName: id, NextToken: token }),
        );
        changes.push(...(page.Changes ?? []));
        token = page.NextToken;
      }
      return { ...first, Changes: changes };
    }
    await wait();
  }
}

function toResourceChange({ ResourceChange: change }: Change): ResourceChange {
  return {
    action: (change?.Action ?? 'Modify') as ResourceChange['action'],
    logicalId: change?.LogicalResourceId ?? '',
    resourceType: change?.ResourceType ?? '',
    replacement: change?.Replacement,
  };
}

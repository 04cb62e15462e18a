import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  type Parameter,
  type Tag,
} from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import { changeSetFailure } from './stack-report.ts';
import { CHANGE_SET_PREFIX, SHELL_STATUS } from './own-stack.ts';
import { createPollDelay, type StackContext } from './stack-context.ts';
import { accessOf, describeStack } from '../aws/stack.ts';
import { notAws } from '../aws/aws-errors.ts';
import { type ResourceChange, toResourceChange } from './resource-change.ts';

export interface ChangeSetInput {
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Undefined keeps the stack's. */
  readonly templateBody: string | undefined;
  readonly parameters: Parameter[];
  /** Undefined keeps the stack's. */
  readonly tags?: Tag[] | undefined;
  /** Service role for CloudFormation, which keeps it for later operations; undefined keeps the stack's, or uses the caller's credentials. */
  readonly roleArn?: string | undefined;
  /** Failures are left as they are, for a person to look at. */
  readonly disableRollback: boolean;
  /** CloudFormation's express mode: done when configured, not when ready. */
  readonly isExpress: boolean;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Empty when nothing but outputs or tags change. */
  readonly changes: readonly ResourceChange[];
}

/**
 * Creates a change set and waits until it is ready. Deletes it again when it fails or is empty.
 * @returns undefined when there is nothing to change
 * @throws {OperationError} CHANGE_SET_FAILED with CloudFormation's reason; validation failures are reported first
 */
export async function createChangeSet(context: StackContext, input: ChangeSetInput): Promise<ChangeSet | undefined> {
  const { client, retrying } = context;
  const token = randomUUID();
  const { type, templateBody, isExpress, disableRollback } = input;
  const command = new CreateChangeSetCommand({
    StackName: input.stackName,
    ChangeSetName: `${CHANGE_SET_PREFIX}${token}`,
    // A repeated call with the same token creates no second change set.
    ClientToken: token,
    ChangeSetType: type,
    ...(templateBody === undefined ? { UsePreviousTemplate: true } : { TemplateBody: templateBody }),
    Parameters: input.parameters,
    Capabilities: ['CAPABILITY_IAM'],
    ...(input.tags && { Tags: input.tags }),
    ...(input.roleArn && { RoleARN: input.roleArn }),
    // The user guide says that express mode disables rollback, the API reference that it does not, so we set it explicitly.
    ...(isExpress && { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: disableRollback } }),
  });
  const { Id: id, StackId: stackId } = await retrying(() => client.send(command));
  if (!id || !stackId) throw notAws('its answer has no change set', await accessOf(client));
  const changeSet = { id, stackId, type };
  try {
    const described = await untilReady(context, changeSet.id);
    if (described.Status === 'CREATE_COMPLETE') return { ...changeSet, changes: (described.Changes ?? []).map(toResourceChange) };
    const reason = described.StatusReason ?? `the change set is ${described.Status}`;
    if (!isEmptyChangeSet(reason)) throw await changeSetFailure(context, changeSet.id, reason);
    await discardChangeSet(context, changeSet);
    return undefined;
  } catch (error) {
    await discardChangeSet(context, changeSet);
    throw error;
  }
}

/**
 * Starts the operation. A retry with the same token, after a lost answer, starts no second one (API reference, ExecuteChangeSet,
 * ClientRequestToken).
 * @returns the token that its events carry
 */
export async function executeChangeSet({ client, retrying }: StackContext, { id }: ChangeSet, disableRollback: boolean) {
  const token = randomUUID();
  await retrying(() =>
    client.send(new ExecuteChangeSetCommand({ ChangeSetName: id, ClientRequestToken: token, DisableRollback: disableRollback })),
  );
  return token;
}

/**
 * Deletes a change set that will not be executed, and the REVIEW_IN_PROGRESS stack it created when no other change set is in it.
 * A failure is reported as a note.
 */
export async function discardChangeSet({ client, onEvent }: StackContext, { id, stackId, type }: Omit<ChangeSet, 'changes'>) {
  try {
    await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
    if (type === 'UPDATE') return;
    const stack = await describeStack(client, stackId);
    if (stack?.status !== SHELL_STATUS) return;
    const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stackId }));
    if (Summaries.length === 0) await client.send(new DeleteStackCommand({ StackName: stackId }));
  } catch (error) {
    const { name, message } = error as Error;
    // Another process has deleted it already.
    if (name.startsWith('ChangeSetNotFound')) return;
    onEvent({ type: 'note', text: `could not delete the change set: ${message}` });
  }
}

/** CloudFormation says "nothing to do" only in the reason; a change set without resource changes may still change outputs. */
function isEmptyChangeSet(reason: string): boolean {
  return (
    reason.startsWith("The submitted information didn't contain changes.") || reason.startsWith('No updates are to be performed')
  );
}

const PENDING: ReadonlySet<string> = new Set(['CREATE_PENDING', 'CREATE_IN_PROGRESS']);

async function untilReady({ client, retrying, timing, signal }: StackContext, id: string): Promise<DescribeChangeSetOutput> {
  const wait = createPollDelay(timing, signal);
  const describe = (token?: string) => {
    const question = { ChangeSetName: id, IncludePropertyValues: true, ...(token && { NextToken: token }) };
    return retrying(() => client.send(new DescribeChangeSetCommand(question), { abortSignal: signal }));
  };
  for (;;) {
    // Wait first: a change set is never ready at once.
    await wait(true);
    const first = await describe();
    if (first.Status === undefined) throw notAws('its answer has no change set', await accessOf(client));
    if (PENDING.has(first.Status)) continue;
    const changes = [...(first.Changes ?? [])];
    for (let token = first.NextToken; token;) {
      const page = await describe(token);
      changes.push(...(page.Changes ?? []));
      token = page.NextToken;
    }
    return { ...first, Changes: changes };
  }
}

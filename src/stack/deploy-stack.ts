import { type CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { OperationError } from '../errors.ts';
import { createChangeSet, executeChangeSet, type ResourceChange } from './change-set.ts';
import { describeStack, type Stack } from './describe-stack.ts';
import { mergeParameters } from './parameters.ts';
import { findRootFailure, readLastEventId, type StackEvent } from './stack-event.ts';
import { watchStack } from './watch-stack.ts';

/** What happens on the way. */
export type DeployEvent =
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'changes'; readonly changes: readonly ResourceChange[] }
  | { readonly type: 'stack-event'; readonly event: StackEvent };

export interface DeployInput {
  readonly stackName: string;
  /** Template parameters that were asked for; undefined keeps the stack's value. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Renders the template for the parameters that will hold: what is given, else what the stack has. */
  readonly renderTemplate: (effective: Readonly<Record<string, string | undefined>>) => string;
  readonly onEvent: (event: DeployEvent) => void;
  readonly signal: AbortSignal;
}

export interface DeployResult {
  readonly type: 'created' | 'updated' | 'no-changes';
  readonly stack: Stack;
  readonly changes: readonly ResourceChange[];
}

/** A create that failed leaves a stack that can only be deleted; it holds nothing. */
const DEAD_STATUSES = new Set([
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'DELETE_FAILED',
  'CREATE_FAILED',
]);

/** Left by a change set of type CREATE that was never executed: the stack does not exist yet. */
const SHELL_STATUS = 'REVIEW_IN_PROGRESS';

/**
 * Creates or updates the stack through a change set and follows it to the end.
 * @throws {OperationError} DEPLOY_FAILED that names the resource and the reason, after the rollback has ended; STACK_BUSY while
 *   another operation runs; CHANGE_SET_FAILED; MISSING_AGENT_ARN for a new stack without one
 * @throws AbortError when the signal is aborted; what was begun goes on in AWS
 */
export async function deployStack(
  client: CloudFormationClient,
  input: DeployInput,
): Promise<DeployResult> {
  const current = await findUpdatable(client, input);
  if (!current && input.parameters['AgentRuntimeArn'] === undefined) {
    throw new OperationError(
      'MISSING_AGENT_ARN',
      `there is no stack ${input.stackName} yet, and no agent was given for it`,
      {
        hint: 'agentstream deploy --agent-arn ARN',
      },
    );
  }
  const type = current ? 'UPDATE' : 'CREATE';
  input.onEvent({ type: 'step', text: 'preparing the change set' });
  const changeSet = await createChangeSet(
    client,
    {
      stackName: input.stackName,
      type,
      templateBody: input.renderTemplate({
        ...current?.parameters,
        ...withoutUndefined(input.parameters),
      }),
      parameters: mergeParameters(input.parameters, current?.parameters),
    },
    input.signal,
  );
  if (!changeSet) {
    if (!current)
      throw new OperationError('CHANGE_SET_FAILED', 'CloudFormation sees nothing to create');
    return { type: 'no-changes', stack: current, changes: [] };
  }
  input.onEvent({ type: 'changes', changes: changeSet.changes });

  const afterEventId = await readLastEventId(client, changeSet.stackId);
  await executeChangeSet(client, changeSet.id);
  input.onEvent({ type: 'step', text: current ? 'updating the stack' : 'creating the stack' });
  const { stack, events } = await watchStack(client, changeSet.stackId, {
    afterEventId,
    onEvent: (event) => input.onEvent({ type: 'stack-event', event }),
    signal: input.signal,
  });
  if (stack.status !== `${type}_COMPLETE`) throw deployFailure(stack, events);
  return { type: current ? 'updated' : 'created', stack, changes: changeSet.changes };
}

/** The stack to update; undefined when it is to be created. Clears away the remains of a failed create. */
async function findUpdatable(
  client: CloudFormationClient,
  { stackName, onEvent, signal }: DeployInput,
): Promise<Stack | undefined> {
  const stack = await describeStack(client, stackName);
  if (!stack || stack.status === SHELL_STATUS) return undefined;
  if (stack.status.endsWith('_IN_PROGRESS')) {
    throw new OperationError(
      'STACK_BUSY',
      `another operation is under way on ${stackName} (${stack.status})`,
      {
        hint: 'wait until it is done: agentstream status',
      },
    );
  }
  if (!DEAD_STATUSES.has(stack.status)) return stack;
  onEvent({ type: 'step', text: `removing what a failed create left (${stack.status})` });
  const afterEventId = await readLastEventId(client, stack.id);
  await client.send(new DeleteStackCommand({ StackName: stack.id }));
  const { stack: deleted } = await watchStack(client, stack.id, {
    afterEventId,
    onEvent: (event) => onEvent({ type: 'stack-event', event }),
    signal,
  });
  if (deleted.status === 'DELETE_COMPLETE') return undefined;
  throw new OperationError(
    'STACK_STUCK',
    `the stack ${stackName} is ${deleted.status} and cannot be replaced`,
    {
      hint: 'agentstream destroy shows which resource holds it',
    },
  );
}

function deployFailure(stack: Stack, events: readonly StackEvent[]): OperationError {
  const root = findRootFailure(events);
  const reason = root?.reason ?? stack.statusReason ?? 'no reason given';
  return new OperationError(
    'DEPLOY_FAILED',
    root
      ? `${root.logicalId} (${root.resourceType}) failed: ${reason}`
      : `the stack ended as ${stack.status}: ${reason}`,
    { hint: `the stack is now ${stack.status}; mend the cause and deploy again, it is safe` },
  );
}

function withoutUndefined(
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

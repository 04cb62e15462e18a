import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { hint, OperationError } from '../cli/errors.ts';
import { describeStack, type Stack } from '../aws/stack.ts';
import { requireUnprotected, SHELL_STATUS } from './own-stack.ts';
import { removeStack, waitForOthers } from './recover-stack.ts';
import { createStackContext, type OperationInput, type StackContext } from './stack-context.ts';
import { failureHint, findFailures, findRootFailure, isSettled } from './stack-report.ts';
import { type WatchResult, watchStack } from './watch-stack.ts';

export interface DestroyInput extends OperationInput {
  readonly stack: Stack;
  /** Number of its resources, for the progress display. */
  readonly resources: number;
}

export interface DestroyResult {
  /** Logical ids. */
  readonly removed: readonly string[];
  /** Left in the account on purpose (DELETE_SKIPPED). */
  readonly kept: readonly string[];
}

/** A deletion may interrupt these; AWS refuses to delete a stack while any other operation runs on it. */
const INTERRUPTIBLE = new Set(['CREATE_IN_PROGRESS', SHELL_STATUS]);

/**
 * Deletes the stack by its id and follows the deletion to the end. Joins a deletion in progress, and waits for any other operation.
 * @throws {OperationError} DESTROY_FAILED that names the resource and the reason; STACK_PROTECTED
 * @throws AbortError when the signal is aborted; the deletion goes on in AWS
 */
export async function destroyStack(client: CloudFormationClient, input: DestroyInput): Promise<DestroyResult> {
  requireUnprotected(input.stack);
  const context = createStackContext(client, input);
  const { stack, events } = await remove(context, input.stack, input.resources);
  if (stack.status !== 'DELETE_COMPLETE') throw destroyFailure(stack, events);
  const withStatus = (status: string): string[] => [
    ...new Set(events.filter((event) => event.status === status && !event.isStack).map((event) => event.logicalId)),
  ];
  return { removed: withStatus('DELETE_COMPLETE'), kept: withStatus('DELETE_SKIPPED') };
}

async function remove(context: StackContext, stack: Stack, resources: number): Promise<WatchResult> {
  const { client, retrying, onEvent, signal } = context;
  for (let current = stack; ;) {
    if (current.status === 'DELETE_IN_PROGRESS') {
      onEvent({ type: 'step', text: `${stack.name} is being deleted already: following it` });
      onEvent({ type: 'begun', resources });
      return watchStack(context, stack.id, 'newest');
    }
    if (isSettled(current.status) || INTERRUPTIBLE.has(current.status)) {
      onEvent({ type: 'step', text: 'deleting the stack' });
      try {
        return await removeStack(context, stack, resources);
      } catch (error) {
        // Another operation has started since the stack was described.
        if (!/cannot be deleted while in status/.test((error as Error).message)) throw error;
      }
    } else {
      await waitForOthers(context, current);
    }
    current = (await retrying(() => describeStack(client, stack.id, signal))) ?? current;
  }
}

function destroyFailure(stack: Stack, events: WatchResult['events']): OperationError {
  const root = findRootFailure(events);
  const others = findFailures(events)
    .map(({ logicalId }) => logicalId)
    .filter((logicalId) => logicalId !== root?.logicalId);
  const reason = root?.reason ?? stack.statusReason ?? stack.status;
  const what = root && !root.isStack ? `${root.logicalId} (${root.resourceType})` : stack.name;
  const more = others.length === 0 ? '' : `; neither could ${[...new Set(others)].join(', ')}`;
  return new OperationError('DESTROY_FAILED', `${what} could not be deleted: ${reason}${more}`, {
    hint: hint`${failureHint(reason) ?? 'fix the cause'}, then run ${['agentstream', 'destroy']} again`,
  });
}

import { applyResource } from './apply-resource.ts';
import type { OnStackFailure } from './stack.ts';
import { runInOrder } from './dependency-graph.ts';
import { deleteResources, deleteStack, type Doomed } from './delete-resources.ts';
import {
  currentScope,
  type EngineContext,
  failureReason,
  reasonOf,
  type StackOperation,
} from './stack-operation.ts';
import { rollBackUpdate } from './roll-back.ts';
import type { StackDefinition } from './stack-definition.ts';

/**
 * Makes the resources of a new stack. When one fails the stack is rolled back, left as it is, or deleted, as asked for
 * (API reference, CreateStack, OnFailure).
 */
export async function createStack(
  context: EngineContext,
  operation: StackOperation,
  onFailure: OnStackFailure,
): Promise<void> {
  const { stack, token } = operation;
  const failure = await applyDefinition(context, operation);
  if (operation.isAbandoned || context.signal.aborted) return;
  if (failure === undefined) {
    context.store.reportStack(stack, 'CREATE_COMPLETE', undefined, token);
  } else if (onFailure === 'DO_NOTHING') {
    context.store.reportStack(stack, 'CREATE_FAILED', failure, token);
  } else if (onFailure === 'DELETE') {
    const reason = `${failure}Delete requested by user.`;
    context.store.reportStack(stack, 'DELETE_IN_PROGRESS', reason, token);
    await deleteStack(context, stack, { token, retain: [], isRollback: true });
  } else {
    const reason = `${failure}Rollback requested by user.`;
    context.store.reportStack(stack, 'ROLLBACK_IN_PROGRESS', reason, token);
    await rollBack(context, operation);
  }
}

/**
 * Brings all resources of a stack to its definition, as many at a time as their dependencies allow, and then its outputs.
 * @returns the sentences that say what has failed, with a space behind each; undefined when nothing has
 */
export async function applyDefinition(
  context: EngineContext,
  operation: StackOperation,
): Promise<string | undefined> {
  const { stack, definition } = operation;
  await runInOrder(definition.dependencies, (id) => applyResource(context, operation, id));
  const failure = failureReason(operation);
  if (failure !== '' || operation.isAbandoned || context.signal.aborted) return failure;
  try {
    stack.outputs = definition.resolveOutputs(currentScope(stack));
    return undefined;
  } catch (error) {
    return `${reasonOf(error)} `;
  }
}

async function rollBack(context: EngineContext, operation: StackOperation): Promise<void> {
  const { stack, token } = operation;
  for (const { logicalId, type, physical } of stack.resources.values()) {
    if (!physical)
      context.store.reportResource(stack, logicalId, type, 'DELETE_COMPLETE', { token });
  }
  const doomed = operation.made.map((physical) => ({
    physical,
    policy:
      physical.definition.deletionPolicy === 'Retain' ? ('Retain' as const) : ('Delete' as const),
    isCurrent: true,
  }));
  const failed = await deleteResources(context, stack, doomed, token);
  if (context.signal.aborted) return;
  stack.outputs = [];
  if (failed.length === 0) {
    context.store.reportStack(stack, 'ROLLBACK_COMPLETE', undefined, token);
  } else {
    const reason = `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
    context.store.reportStack(stack, 'ROLLBACK_FAILED', reason, token);
  }
}

/**
 * Brings a stack to a new definition, and then deletes what is no longer in it or was replaced. When a resource fails the
 * stack goes back to what it was, unless rollback is disabled.
 */
export async function updateStack(
  context: EngineContext,
  operation: StackOperation,
  previous: { readonly definition: StackDefinition; readonly disableRollback: boolean },
): Promise<void> {
  const { stack, token } = operation;
  const outputsBefore = stack.outputs;
  const failure = await applyDefinition(context, operation);
  if (operation.isAbandoned || context.signal.aborted) return;
  if (failure === undefined) {
    stack.failedUpdates = [];
    context.store.reportStack(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, token);
    const failed = await cleanUp(context, operation);
    if (context.signal.aborted) return;
    // AWS forgets what a cleanup leaves behind: the update counts as done.
    const reason =
      failed.length > 0
        ? 'Update successful. One or more resources could not be deleted.'
        : undefined;
    context.store.reportStack(stack, 'UPDATE_COMPLETE', reason, token);
    return;
  }
  const { definition } = previous;
  stack.failedUpdates.push({ operation, definition, outputs: outputsBefore });
  if (previous.disableRollback) {
    context.store.reportStack(stack, 'UPDATE_FAILED', failure, token);
  } else {
    context.store.reportStack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure, token);
    stack.definition = definition;
    stack.outputs = outputsBefore;
    await rollBackUpdate(context, operation, definition);
  }
}

async function cleanUp(
  context: EngineContext,
  operation: StackOperation,
): Promise<readonly string[]> {
  const { stack, definition, token } = operation;
  const replaced = stack.superseded.map((physical): Doomed => {
    const current = definition.template.resources.get(physical.logicalId) ?? physical.definition;
    return { physical, policy: current.updateReplacePolicy, isCurrent: false };
  });
  const removedIds = [...stack.resources.keys()].filter((id) => !definition.dependencies.has(id));
  const removed = removedIds.flatMap((id): Doomed[] => {
    const physical = stack.resources.get(id)?.physical;
    if (!physical) return [];
    const policy = physical.definition.deletionPolicy === 'Delete' ? 'Delete' : 'Retain';
    return [{ physical, policy, isCurrent: true }];
  });
  const failed = await deleteResources(context, stack, [...replaced, ...removed], token);
  if (context.signal.aborted) return failed;
  for (const id of removedIds) stack.resources.delete(id);
  stack.superseded = [];
  return failed;
}

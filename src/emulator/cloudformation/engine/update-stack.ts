import { applyDefinition } from './create-stack.ts';
import { deleteResources, type Doomed } from './delete-resources.ts';
import { rollBackUpdate } from './roll-back-update.ts';
import type { EngineContext, StackOperation } from './stack-operation.ts';
import type { StackDefinition } from './stack-definition.ts';

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

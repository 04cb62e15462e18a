import { applyResource } from './apply-resource.ts';
import { deleteResources, type ResourceDeletion, runDelete } from './delete-resources.ts';
import { runInOrder } from './dependency-graph.ts';
import { type EngineContext, reasonOf } from './resource-step.ts';
import { rollBackUpdate } from './roll-back.ts';
import type { StackDefinition } from './stack-definition.ts';
import { currentScope, failedSentence } from './stack-operation.ts';
import type { OnStackFailure, StackOperation } from './stack.ts';

/** Creates the resources of a stack; a failure rolls it back, leaves it or deletes it (API reference, CreateStack, OnFailure). */
export async function runCreate(context: EngineContext, operation: StackOperation, onFailure: OnStackFailure): Promise<void> {
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
    await runDelete(context, stack, { token, retain: [], isRollback: true });
  } else {
    const reason = `${failure}Rollback requested by user.`;
    context.store.reportStack(stack, 'ROLLBACK_IN_PROGRESS', reason, token);
    await rollBackCreate(context, operation);
  }
}

/** Brings a stack to a new definition, then deletes what it no longer defines or has replaced; a failure rolls back, if enabled. */
export async function runUpdate(
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
    // AWS forgets resources that the cleanup could not delete: the update is complete.
    const reason = failed.length > 0 ? 'Update successful. One or more resources could not be deleted.' : undefined;
    context.store.reportStack(stack, 'UPDATE_COMPLETE', reason, token);
    return;
  }
  const { definition } = previous;
  stack.failedUpdates.push({ operation, definition, outputs: outputsBefore });
  if (previous.disableRollback && !operation.isCancelled) {
    context.store.reportStack(stack, 'UPDATE_FAILED', failure, token);
  } else {
    context.store.reportStack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure, token);
    stack.definition = definition;
    stack.outputs = outputsBefore;
    await rollBackUpdate(context, operation, definition);
  }
}

/** Brings the resources to their definition, then the outputs. @returns sentences of what failed, each with a space at its end */
async function applyDefinition(context: EngineContext, operation: StackOperation): Promise<string | undefined> {
  const { stack, definition } = operation;
  await runInOrder(definition.dependencies, (id) => applyResource(context, operation, id));
  const failure = failedSentence(operation.failedCreates, 'create') + failedSentence(operation.failedUpdates, 'update');
  if (operation.isCancelled) return 'User Initiated';
  if (failure !== '' || operation.isAbandoned || context.signal.aborted) return failure;
  try {
    stack.outputs = definition.resolveOutputs(currentScope(stack));
    return undefined;
  } catch (error) {
    return `${reasonOf(error)} `;
  }
}

async function rollBackCreate(context: EngineContext, operation: StackOperation): Promise<void> {
  const { stack, token } = operation;
  for (const { logicalId, type, physical } of stack.resources.values()) {
    if (!physical) context.store.reportResource(stack, logicalId, type, 'DELETE_COMPLETE', { token });
  }
  const deletions = operation.made.map((physical): ResourceDeletion => {
    const { deletionPolicy } = physical.definition;
    return { physical, policy: deletionPolicy === 'Retain' ? 'Retain' : 'Delete', isCurrent: true };
  });
  const failed = await deleteResources(context, stack, deletions, token);
  if (context.signal.aborted) return;
  stack.outputs = [];
  if (failed.length === 0) context.store.reportStack(stack, 'ROLLBACK_COMPLETE', undefined, token);
  else context.store.reportStack(stack, 'ROLLBACK_FAILED', failedSentence(failed, 'delete'), token);
}

/** Deletes what an update has replaced or no longer defines. @returns the logical ids that could not be deleted */
async function cleanUp(context: EngineContext, operation: StackOperation): Promise<readonly string[]> {
  const { stack, definition, token } = operation;
  const replaced = stack.superseded.map((physical): ResourceDeletion => {
    const current = definition.template.resources.get(physical.logicalId) ?? physical.definition;
    return { physical, policy: current.updateReplacePolicy, isCurrent: false };
  });
  const removedIds = [...stack.resources.keys()].filter((id) => !definition.dependencies.has(id));
  const removed = removedIds.flatMap((id): ResourceDeletion[] => {
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

import { applyResource } from './apply-resource.ts';
import type { OnStackFailure } from './change-set.ts';
import { deleteResources } from './delete-resources.ts';
import { runInOrder } from './dependency-graph.ts';
import { deleteStack } from './delete-stack.ts';
import {
  currentScope,
  failureReason,
  reasonOf,
  type EngineContext,
  type StackOperation,
} from './stack-operation.ts';

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

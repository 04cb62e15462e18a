import { deleteResources, type ResourceDeletion } from './delete-resources.ts';
import { runInOrder } from './dependency-graph.ts';
import { type EngineContext, reasonOf, runStep } from './resource-step.ts';
import type { StackDefinition } from './stack-definition.ts';
import { failedSentence } from './stack-operation.ts';
import type { PhysicalResource, Stack, StackOperation } from './stack.ts';

/**
 * Undoes a failed update: resources that were updated in place are updated back, replaced ones belong to the stack again, new ones are
 * deleted. Ends as UPDATE_ROLLBACK_COMPLETE, or as UPDATE_ROLLBACK_FAILED when a resource fails: the rollback can then be continued.
 * @param skip logical ids to leave as they are
 */
export async function rollBackUpdate(
  context: EngineContext,
  operation: StackOperation,
  previous: StackDefinition,
  skip: readonly string[] = [],
): Promise<void> {
  const { stack, token } = operation;
  // An earlier attempt has put them there.
  stack.superseded = stack.superseded.filter((physical) => !operation.made.includes(physical));
  const unrestored = await runInOrder(previous.dependencies, (logicalId) =>
    restoreResource(context, operation, logicalId, skip.includes(logicalId)),
  );
  if (context.signal.aborted) return;
  if (unrestored.length > 0) {
    // So that a deletion of the stack deletes them as well.
    const isCurrent = (made: PhysicalResource) => stack.resources.get(made.logicalId)?.physical === made;
    stack.superseded.push(...operation.made.filter((made) => !isCurrent(made)));
    const reason = failedSentence(unrestored, 'update');
    context.store.reportStack(stack, 'UPDATE_ROLLBACK_FAILED', reason, token);
    return;
  }
  context.store.reportStack(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, token);
  const isNew = (logicalId: string) => !previous.dependencies.has(logicalId);
  const deletions = operation.made.map((physical): ResourceDeletion => {
    const policy = physical.definition.deletionPolicy;
    const isCurrent = isNew(physical.logicalId);
    return { physical, policy: policy === 'Retain' && isCurrent ? 'Retain' : 'Delete', isCurrent };
  });
  await deleteResources(context, stack, deletions, token);
  if (context.signal.aborted) return;
  for (const { logicalId, type, physical } of stack.resources.values()) {
    if (!isNew(logicalId)) continue;
    if (!physical) context.store.reportResource(stack, logicalId, type, 'DELETE_COMPLETE', { token });
    stack.resources.delete(logicalId);
  }
  stack.failedUpdates = [];
  context.store.reportStack(stack, 'UPDATE_ROLLBACK_COMPLETE', undefined, token);
}

async function restoreResource(context: EngineContext, operation: StackOperation, logicalId: string, isSkipped: boolean) {
  const { stack, token } = operation;
  const resource = stack.resources.get(logicalId);
  const before = operation.before.get(logicalId);
  if (!resource || !before || context.signal.aborted) return !context.signal.aborted;
  resource.physical = before;
  stack.superseded = stack.superseded.filter((physical) => physical !== before);
  if (!operation.touched.has(logicalId)) return true;

  const report = (status: string, reason?: string) =>
    context.store.reportResource(stack, logicalId, resource.type, status, { reason, properties: before.properties, token });
  const attempted = operation.touched.get(logicalId);
  if (attempted && !isSkipped) {
    report('UPDATE_IN_PROGRESS');
    try {
      await runStep(context, stack, 'update', before, attempted.properties);
    } catch (error) {
      report('UPDATE_FAILED', reasonOf(error));
      return false;
    }
  }
  report('UPDATE_COMPLETE');
  return true;
}

/** Statuses that a stack can go back to (API reference, RollbackStack). */
const STABLE_STATUSES = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

/** Whether the stack has ever been in such a status; a rollback of any other stack deletes it (API reference, RollbackStack). */
export function hasStableState({ name, events }: Stack): boolean {
  return events.some(({ logicalId, status }) => logicalId === name && STABLE_STATUSES.has(status));
}

/** Undoes all failed updates that have not been rolled back. @param options.skip logical ids to leave as they are */
export async function continueRollback(
  context: EngineContext,
  stack: Stack,
  options: { readonly token: string | undefined; readonly skip: readonly string[] },
): Promise<void> {
  const [first] = stack.failedUpdates;
  if (!first) throw new Error(`the stack ${stack.name} has no failed update`);
  const operations = stack.failedUpdates.map(({ operation }) => operation);
  const whole: StackOperation = {
    ...first.operation,
    token: options.token,
    made: operations.flatMap(({ made }) => made),
    touched: new Map(operations.flatMap(({ touched }) => [...touched])),
  };
  stack.definition = first.definition;
  stack.outputs = first.outputs;
  await rollBackUpdate(context, whole, first.definition, options.skip);
}

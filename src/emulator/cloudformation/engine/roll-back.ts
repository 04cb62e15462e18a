import { authorizeStep } from './authorize-step.ts';
import { deleteResources, type Doomed } from './delete-resources.ts';
import { runInOrder } from './dependency-graph.ts';
import type { PhysicalResource, Stack } from './stack.ts';
import type { StackDefinition } from './stack-definition.ts';
import {
  type EngineContext,
  pause,
  reasonOf,
  resourceContext,
  type StackOperation,
} from './stack-operation.ts';
import { validationError } from '../../kernel/aws-error.ts';

/**
 * Undoes a failed update: what was updated in place is updated back, what was replaced is found again, what is new is
 * deleted. Ends as UPDATE_ROLLBACK_COMPLETE, or UPDATE_ROLLBACK_FAILED when a resource refuses: then it can be continued.
 * @param skip logical ids to leave as they are
 */
export async function rollBackUpdate(
  context: EngineContext,
  operation: StackOperation,
  previous: StackDefinition,
  skip: readonly string[] = [],
): Promise<void> {
  const { stack, token } = operation;
  // What an attempt before this one has set aside.
  stack.superseded = stack.superseded.filter((physical) => !operation.made.includes(physical));
  const unrestored = await runInOrder(previous.dependencies, (logicalId) =>
    restoreResource(context, operation, logicalId, skip.includes(logicalId)),
  );
  if (context.signal.aborted) return;
  if (unrestored.length > 0) {
    // Whoever deletes the stack deletes these too.
    const isCurrent = (made: PhysicalResource) =>
      stack.resources.get(made.logicalId)?.physical === made;
    stack.superseded.push(...operation.made.filter((made) => !isCurrent(made)));
    const reason = `The following resource(s) failed to update: [${unrestored.join(', ')}]. `;
    context.store.reportStack(stack, 'UPDATE_ROLLBACK_FAILED', reason, token);
    return;
  }
  context.store.reportStack(
    stack,
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    undefined,
    token,
  );
  const isNew = (logicalId: string) => !previous.dependencies.has(logicalId);
  const doomed = operation.made.map((physical): Doomed => {
    const policy = physical.definition.deletionPolicy;
    const isCurrent = isNew(physical.logicalId);
    return { physical, policy: policy === 'Retain' && isCurrent ? 'Retain' : 'Delete', isCurrent };
  });
  await deleteResources(context, stack, doomed, token);
  if (context.signal.aborted) return;
  for (const { logicalId, type, physical } of stack.resources.values()) {
    if (!isNew(logicalId)) continue;
    if (!physical)
      context.store.reportResource(stack, logicalId, type, 'DELETE_COMPLETE', { token });
    stack.resources.delete(logicalId);
  }
  stack.failedUpdates = [];
  context.store.reportStack(stack, 'UPDATE_ROLLBACK_COMPLETE', undefined, token);
}

async function restoreResource(
  context: EngineContext,
  operation: StackOperation,
  logicalId: string,
  isSkipped: boolean,
): Promise<boolean> {
  const { stack, token } = operation;
  const resource = stack.resources.get(logicalId);
  const before = operation.before.get(logicalId);
  if (!resource || !before || context.signal.aborted) return !context.signal.aborted;
  resource.physical = before;
  stack.superseded = stack.superseded.filter((physical) => physical !== before);
  if (!operation.touched.has(logicalId)) return true;

  const report = (status: string, reason?: string) =>
    context.store.reportResource(stack, logicalId, resource.type, status, {
      reason,
      properties: before.properties,
      token,
    });
  const attempted = operation.touched.get(logicalId);
  if (attempted && !isSkipped) {
    report('UPDATE_IN_PROGRESS');
    try {
      const failure = context.options.failRestores?.[logicalId];
      if (failure !== undefined) throw validationError(failure);
      const provider = context.providers.get(resource.type);
      const { physicalId, properties } = before;
      const facts = { physicalId, properties, previous: attempted.properties };
      const place = resourceContext(context, stack, logicalId);
      if (provider) authorizeStep(context, stack, provider, 'update', place, facts);
      await provider?.update(physicalId, properties, attempted.properties, place);
      await pause(context, logicalId);
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

/** Whether the stack was ever well: else a rollback is its deletion (API reference, RollbackStack). */
export function hasStableState({ name, events }: Stack): boolean {
  return events.some(({ logicalId, status }) => logicalId === name && STABLE_STATUSES.has(status));
}

/**
 * Undoes the updates that stand failed, however many there were, and back to where the first of them began.
 * @param options.skip logical ids to leave as they are
 */
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

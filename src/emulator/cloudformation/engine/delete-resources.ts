import { authorizeStep } from './authorize-step.ts';
import { reverseDependencies, runInOrder } from './dependency-graph.ts';
import { type EngineContext, pause, reasonOf, resourceContext } from './stack-operation.ts';
import type { PhysicalResource, Stack, StackResource } from './stack.ts';
import { validationError } from '../../kernel/aws-error.ts';

/** A physical resource that a stack is to let go. */
export interface Doomed {
  readonly physical: PhysicalResource;
  /** Retain leaves it where it is, with a DELETE_SKIPPED event. */
  readonly policy: 'Delete' | 'Retain';
  /** Whether it is what the stack's record of its logical id holds, and not one that was replaced. */
  readonly isCurrent: boolean;
}

/**
 * Deletes resources, dependents first and independent ones at the same time. What others depend on is left alone when
 * these fail.
 * @returns the logical ids that could not be deleted
 */
export async function deleteResources(
  context: EngineContext,
  stack: Stack,
  doomed: readonly Doomed[],
  token: string | undefined,
): Promise<readonly string[]> {
  const byKey = new Map(doomed.map((item, index) => [String(index), item]));
  const keysOf = (logicalId: string) =>
    [...byKey].filter(([, item]) => item.physical.logicalId === logicalId).map(([key]) => key);
  const dependencies = new Map(
    [...byKey].map(([key, { physical }]) => [key, physical.dependsOn.flatMap(keysOf)] as const),
  );
  const failed = await runInOrder(reverseDependencies(dependencies), async (key) => {
    const item = byKey.get(key);
    return item !== undefined && !context.signal.aborted
      ? deleteResource(context, stack, item, token)
      : false;
  });
  return failed.flatMap((key) => byKey.get(key)?.physical.logicalId ?? []);
}

async function deleteResource(
  context: EngineContext,
  stack: Stack,
  { physical, policy, isCurrent }: Doomed,
  token: string | undefined,
): Promise<boolean> {
  const { logicalId, physicalId, properties, definition } = physical;
  const report = (status: string, reason?: string) => {
    const details = { reason, physical, properties, token };
    if (isCurrent) context.store.reportResource(stack, logicalId, definition.type, status, details);
    else context.store.reportLeftover(stack, physical, status, details);
  };
  if (policy === 'Retain') {
    report('DELETE_SKIPPED');
    return true;
  }
  report('DELETE_IN_PROGRESS');
  try {
    const failure = context.options.failDeletes?.[logicalId];
    if (failure !== undefined) throw validationError(failure);
    const provider = context.providers.get(definition.type);
    const resource = resourceContext(context, stack, logicalId);
    const facts = { physicalId, properties, previous: {} };
    if (provider) authorizeStep(context, stack, provider, 'delete', resource, facts);
    await provider?.delete(physicalId, properties, resource);
    await pause(context, logicalId);
  } catch (error) {
    report('DELETE_FAILED', reasonOf(error));
    return false;
  }
  report('DELETE_COMPLETE');
  return true;
}

/** Resources in these states are out of the stack's hands. */
const LET_GO = new Set(['DELETE_COMPLETE', 'DELETE_SKIPPED']);

/**
 * Deletes the resources of a stack and then the stack. It ends as DELETE_FAILED when one could not be deleted.
 * @param options.retain logical ids to leave alone, whatever their DeletionPolicy (API reference, DeleteStack)
 * @param options.isRollback whether this undoes the stack's creation (RetainExceptOnCreate does not retain then)
 */
export async function deleteStack(
  context: EngineContext,
  stack: Stack,
  options: {
    readonly token: string | undefined;
    readonly retain: readonly string[];
    readonly isRollback: boolean;
  },
): Promise<void> {
  const { token, retain, isRollback } = options;
  const policyOf = ({ physical, logicalId }: StackResource): Doomed['policy'] => {
    const policy = physical?.definition.deletionPolicy;
    const retains = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !isRollback);
    return retains || retain.includes(logicalId) ? 'Retain' : 'Delete';
  };
  const current = [...stack.resources.values()].flatMap((resource): Doomed[] => {
    const { physical, status } = resource;
    if (!physical || LET_GO.has(status)) return [];
    return [{ physical, policy: policyOf(resource), isCurrent: true }];
  });
  const leftovers = stack.superseded.map((physical): Doomed => {
    return { physical, policy: physical.definition.updateReplacePolicy, isCurrent: false };
  });
  const failed = await deleteResources(context, stack, [...current, ...leftovers], token);
  if (context.signal.aborted) return;
  if (failed.length > 0) {
    const reason = `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
    context.store.reportStack(stack, 'DELETE_FAILED', reason, token);
    return;
  }
  stack.superseded = [];
  stack.changeSets.clear();
  context.store.reportStack(stack, 'DELETE_COMPLETE', undefined, token);
  stack.deletionTime = stack.events.at(-1)?.timestamp;
}

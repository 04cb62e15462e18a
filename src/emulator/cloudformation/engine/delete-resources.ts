import { reverseDependencies, runInOrder } from './dependency-graph.ts';
import { type EngineContext, reasonOf, runStep } from './resource-step.ts';
import { failedSentence } from './stack-operation.ts';
import type { PhysicalResource, Stack, StackResource } from './stack.ts';

/** A physical resource that leaves its stack. */
export interface ResourceDeletion {
  readonly physical: PhysicalResource;
  /** Retain leaves the resource as it is, with a DELETE_SKIPPED event. */
  readonly policy: 'Delete' | 'Retain';
  /** Whether the stack's record of the logical id holds this resource; false for one that was replaced. */
  readonly isCurrent: boolean;
}

/** Statuses of resources that the stack no longer owns. */
const RELEASED = new Set(['DELETE_COMPLETE', 'DELETE_SKIPPED']);

/**
 * Deletes the resources of a stack and then the stack. It ends as DELETE_FAILED when a resource cannot be deleted.
 * @param options.retain logical ids to leave as they are, whatever their DeletionPolicy (API reference, DeleteStack)
 * @param options.isRollback whether this undoes the stack's creation: RetainExceptOnCreate then does not retain
 */
export async function runDelete(
  context: EngineContext,
  stack: Stack,
  options: { readonly token: string | undefined; readonly retain: readonly string[]; readonly isRollback: boolean },
): Promise<void> {
  const { token, retain, isRollback } = options;
  const policyOf = ({ physical, logicalId }: StackResource): ResourceDeletion['policy'] => {
    const policy = physical?.definition.deletionPolicy;
    const retains = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !isRollback);
    return retains || retain.includes(logicalId) ? 'Retain' : 'Delete';
  };
  const current = [...stack.resources.values()].flatMap((resource): ResourceDeletion[] => {
    const { physical, status } = resource;
    if (!physical || RELEASED.has(status)) return [];
    return [{ physical, policy: policyOf(resource), isCurrent: true }];
  });
  const superseded = stack.superseded.map((physical): ResourceDeletion => {
    return { physical, policy: physical.definition.updateReplacePolicy, isCurrent: false };
  });
  const failed = await deleteResources(context, stack, [...current, ...superseded], token);
  if (context.signal.aborted) return;
  if (failed.length > 0) {
    context.store.reportStack(stack, 'DELETE_FAILED', failedSentence(failed, 'delete'), token);
    return;
  }
  stack.superseded = [];
  stack.changeSets.clear();
  context.store.reportStack(stack, 'DELETE_COMPLETE', undefined, token);
  stack.deletionTime = stack.events.at(-1)?.timestamp;
}

/** Deletes resources, dependents first; one stays when a dependent cannot be deleted. @returns logical ids of those that failed */
export async function deleteResources(
  context: EngineContext,
  stack: Stack,
  deletions: readonly ResourceDeletion[],
  token: string | undefined,
): Promise<readonly string[]> {
  const byKey = new Map(deletions.map((deletion, index) => [String(index), deletion]));
  const keysOf = (logicalId: string) =>
    [...byKey].filter(([, { physical }]) => physical.logicalId === logicalId).map(([key]) => key);
  const dependencies = new Map([...byKey].map(([key, { physical }]) => [key, physical.dependsOn.flatMap(keysOf)] as const));
  const failed = await runInOrder(reverseDependencies(dependencies), async (key) => {
    const deletion = byKey.get(key);
    return deletion !== undefined && !context.signal.aborted ? deleteResource(context, stack, deletion, token) : false;
  });
  return failed.flatMap((key) => byKey.get(key)?.physical.logicalId ?? []);
}

async function deleteResource(
  context: EngineContext,
  stack: Stack,
  { physical, policy, isCurrent }: ResourceDeletion,
  token: string | undefined,
): Promise<boolean> {
  const { logicalId, properties, definition } = physical;
  const report = (status: string, reason?: string) => {
    const details = { reason, physical, properties, token };
    if (isCurrent) context.store.reportResource(stack, logicalId, definition.type, status, details);
    else context.store.reportSuperseded(stack, physical, status, details);
  };
  if (policy === 'Retain') {
    report('DELETE_SKIPPED');
    return true;
  }
  report('DELETE_IN_PROGRESS');
  try {
    await runStep(context, stack, 'delete', physical);
  } catch (error) {
    report('DELETE_FAILED', reasonOf(error));
    return false;
  }
  report('DELETE_COMPLETE');
  return true;
}

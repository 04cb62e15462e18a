import { authorizeStep } from './authorize-step.ts';
import { reverseDependencies, runInOrder } from './dependency-graph.ts';
import { pause, reasonOf, resourceContext, type EngineContext } from './stack-operation.ts';
import type { PhysicalResource, Stack } from './stack.ts';
import { validationError } from '../validation-error.ts';

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

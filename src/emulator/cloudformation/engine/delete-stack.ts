import { deleteResources, type Doomed } from './delete-resources.ts';
import type { EngineContext } from './stack-operation.ts';
import type { Stack, StackResource } from './stack.ts';

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

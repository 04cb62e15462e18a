import { rollBackUpdate } from './roll-back-update.ts';
import type { EngineContext, StackOperation } from './stack-operation.ts';
import type { Stack } from './stack.ts';

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

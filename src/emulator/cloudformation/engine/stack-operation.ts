import { templateError, validationError } from '../../kernel/aws-error.ts';
import type { Json } from '../../kernel/resource-provider.ts';
import type { EngineContext } from './resource-step.ts';
import type { ResourceScope } from './stack-definition.ts';
import type { PhysicalResource, Stack, StackOperation } from './stack.ts';

/** Ends resources in progress with AWS's "cancelled" events; calls of providers that are running end on their own. */
export function cancelInFlight(context: EngineContext, operation: StackOperation): void {
  operation.cancelled.abort();
  for (const [logicalId, verb] of operation.inFlight) {
    const reason = `Resource ${verb === 'CREATE' ? 'creation' : 'update'} cancelled`;
    failResource(context, operation, logicalId, verb, reason);
  }
}

/** Marks a resource as failed, with an event; the reason of the stack's rollback will name it. */
export function failResource(
  context: EngineContext,
  operation: StackOperation,
  logicalId: string,
  verb: 'CREATE' | 'UPDATE',
  reason: string,
): void {
  const { stack, definition, token } = operation;
  operation.inFlight.delete(logicalId);
  (verb === 'CREATE' ? operation.failedCreates : operation.failedUpdates).push(logicalId);
  const type = definition.template.resources.get(logicalId)?.type ?? '';
  context.store.reportResource(stack, logicalId, type, `${verb}_FAILED`, { reason, token });
}

/** Names failed resources, as AWS writes them into the reason of the stack: `The following resource(s) failed to delete: [A, B]. `; empty without ids. */
export function failedSentence(logicalIds: readonly string[], verb: 'create' | 'update' | 'delete'): string {
  if (logicalIds.length === 0) return '';
  return `The following resource(s) failed to ${verb}: [${logicalIds.join(', ')}]. `;
}

/** Refs and attributes of the stack's resources as they are now. */
export function currentScope(stack: Stack): ResourceScope {
  const physicalOf = (logicalId: string): PhysicalResource => {
    const physical = stack.resources.get(logicalId)?.physical;
    if (!physical) throw validationError(`Resource ${logicalId} does not exist`);
    return physical;
  };
  return {
    ref: (logicalId) => physicalOf(logicalId).physicalId,
    attribute(logicalId, name): Json {
      const { attributes, definition } = physicalOf(logicalId);
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value !== undefined) return value;
      throw templateError(`resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt (${definition.type})`);
    },
  };
}

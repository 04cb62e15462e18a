import type { ResourceChange } from './resource-changes.ts';
import type { StackDefinition } from './stack-definition.ts';
import { currentScope } from './stack-operation.ts';
import type { Output, Stack } from './stack.ts';

/**
 * Whether a definition would change a stack: its resources, its outputs, or the settings beside the template. A template or
 * a parameter value that is new and alters none of these is no change, as users report of AWS (aws-cloudformation
 * coverage roadmap, issue 2027). A stack that stands half-way after a failure can always be tried again.
 */
export function hasChanges(
  stack: Stack,
  definition: StackDefinition,
  changes: readonly ResourceChange[],
): boolean {
  const current = stack.definition;
  if (changes.length > 0 || !current || stack.status.endsWith('_FAILED')) return true;
  return (
    outputsText(definition.resolveOutputs(currentScope(stack))) !== outputsText(stack.outputs) ||
    JSON.stringify(definition.tags) !== JSON.stringify(current.tags) ||
    definition.notificationArns.join() !== current.notificationArns.join() ||
    definition.roleArn !== current.roleArn
  );
}

function outputsText(outputs: readonly Output[]): string {
  return JSON.stringify(outputs.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
}

import { AwsError, validationError } from '../../kernel/aws-error.ts';
import { propertyEffects, type ResourceProviders } from '../../kernel/resource-provider.ts';
import { KNOWN_AFTER_APPLY } from '../template/intrinsics.ts';
import { sameValue } from '../template/template-value.ts';
import { changedProperties, type PropertyChange } from './property-changes.ts';
import type { Output, ResourceScope, StackDefinition } from './stack-definition.ts';
import { currentScope } from './stack-operation.ts';
import type { ResourceChange, Stack } from './stack.ts';

const NO_DETAILS = { scope: [], details: [], attributes: [] } as const;

const ATTRIBUTES = [
  ['Metadata', 'metadata'],
  ['DeletionPolicy', 'deletionPolicy'],
  ['UpdateReplacePolicy', 'updateReplacePolicy'],
] as const;

/** The changes that a definition would make, by logical id. @throws {AwsError} ValidationError (400) for another resource type */
export function foreseeChanges(stack: Stack, definition: StackDefinition, providers: ResourceProviders) {
  const changes = new Map<string, ResourceChange>();
  const scope = foreseenScope(stack, changes);
  for (const logicalId of definition.dependencies.keys()) {
    const change = foreseeChange(logicalId, stack, definition, providers, scope);
    if (change) changes.set(logicalId, change);
  }
  // Outputs do not change resources; this only finds their errors.
  definition.resolveOutputs(scope);
  for (const [logicalId, { physical, type }] of stack.resources) {
    if (!physical || definition.dependencies.has(logicalId)) continue;
    const policyAction = physical.definition.deletionPolicy === 'Delete' ? 'Delete' : 'Retain';
    changes.set(logicalId, {
      ...NO_DETAILS,
      action: 'Remove',
      policyAction,
      logicalId,
      physicalId: physical.physicalId,
      type,
      before: { Properties: { ...physical.properties } },
    });
  }
  return [...changes.values()].sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}

/** References to resources that will be created or replaced are not known before execution. */
function foreseenScope(stack: Stack, changes: ReadonlyMap<string, ResourceChange>): ResourceScope {
  const stays = (logicalId: string) => {
    const change = changes.get(logicalId);
    const isNew = change?.action === 'Add' || (change?.replacement ?? 'False') !== 'False';
    return isNew ? undefined : stack.resources.get(logicalId)?.physical;
  };
  return {
    ref: (logicalId) => stays(logicalId)?.physicalId ?? KNOWN_AFTER_APPLY,
    attribute: (logicalId, name) => stays(logicalId)?.attributes[name] ?? KNOWN_AFTER_APPLY,
  };
}

function foreseeChange(
  logicalId: string,
  stack: Stack,
  definition: StackDefinition,
  providers: ResourceProviders,
  scope: ResourceScope,
): ResourceChange | undefined {
  const target = definition.template.resources.get(logicalId);
  if (!target) throw new AwsError('InternalFailure', 500, `no definition of ${logicalId}`);
  const properties = definition.resolveProperties(logicalId, scope);
  const after = { Properties: { ...properties } };
  const { type } = target;
  const physical = stack.resources.get(logicalId)?.physical;
  if (!physical) return { ...NO_DETAILS, action: 'Add', logicalId, type, after };
  if (physical.definition.type !== type) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
    );
  }
  const provider = providers.get(type);
  const details = changedProperties(
    { template: physical.definition.properties, resolved: physical.properties },
    { template: target.properties, resolved: properties },
    { previous: stack.definition?.parameters ?? new Map(), next: definition.parameters },
    provider ? propertyEffects(provider) : new Map(),
  );
  const attributes = ATTRIBUTES.filter(([, member]) => !sameValue(physical.definition[member], target[member])).map(
    ([name]) => name,
  );
  if (details.length === 0 && attributes.length === 0) return undefined;

  const replacement = replacementOf(details);
  const replaced = target.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete';
  return {
    action: 'Modify',
    policyAction: replacement === 'False' ? undefined : replaced,
    logicalId,
    physicalId: physical.physicalId,
    type,
    replacement,
    scope: [...(details.length > 0 ? ['Properties'] : []), ...attributes],
    details,
    attributes,
    before: { Properties: { ...physical.properties } },
    after,
  };
}

/** API reference, ResourceChange, Replacement. */
function replacementOf(details: readonly PropertyChange[]): 'True' | 'False' | 'Conditional' {
  const recreating = details.filter(({ requiresRecreation }) => requiresRecreation === 'Always');
  if (recreating.length === 0) return 'False';
  return recreating.some(({ evaluation }) => evaluation === 'Static') ? 'True' : 'Conditional';
}

/**
 * Whether a definition would change a stack: its resources, its outputs, or the settings beside the template. A new template or
 * parameter value that changes none of these does not count, as users report of AWS (aws-cloudformation coverage roadmap, issue 2027).
 * After a failure an update can always be tried again.
 */
export function hasChanges(stack: Stack, definition: StackDefinition, changes: readonly ResourceChange[]): boolean {
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

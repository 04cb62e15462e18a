import { validationError } from '../../kernel/aws-error.ts';
import { propertyEffects, type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { sameValue } from '../template/template-value.ts';
import { authorizeStep, type EngineContext, pause, reasonOf, resourceStep } from './resource-step.ts';
import { cancelInFlight, currentScope, failResource } from './stack-operation.ts';
import type { PhysicalResource, StackOperation } from './stack.ts';

const REPLACEMENT_REASON = 'Requested update requires the creation of a new physical resource; hence creating one.';

/** Creates, updates or replaces one resource, if needed; a failure is an event. @returns whether dependents may go on */
export async function applyResource(context: EngineContext, operation: StackOperation, logicalId: string): Promise<boolean> {
  const { stack, definition, token } = operation;
  if (isStopped(context, operation)) return false;
  const target = definition.template.resources.get(logicalId);
  const provider = target && context.providers.get(target.type);
  if (!target || !provider) throw validationError(`no provider for resource ${logicalId}`);
  const previous = stack.resources.get(logicalId)?.physical;
  const verb = previous ? 'UPDATE' : 'CREATE';

  try {
    const properties = definition.resolveProperties(logicalId, currentScope(stack));
    const plan = { definition: target, properties, dependsOn: definition.dependencies.get(logicalId) ?? [] };
    const change = neededChange(previous, properties, provider);
    const report = (status: string, reason?: string) => {
      const details = { reason, properties, token };
      context.store.reportResource(stack, logicalId, target.type, `${verb}_${status}`, details);
    };

    if (change === 'nothing' && previous) {
      setPhysical(operation, { ...previous, ...plan });
      if (operation.changesTags) {
        const unchanged = { ...previous, previous: properties };
        authorizeStep(context, stack, provider, 'tag', resourceStep(context, stack, logicalId, unchanged));
      }
      // An earlier operation cancelled it when it was already as defined.
      if (stack.resources.get(logicalId)?.status.endsWith('_FAILED')) report('COMPLETE');
      return true;
    }

    operation.inFlight.set(logicalId, verb);
    if (previous) operation.touched.set(logicalId, undefined);
    report('IN_PROGRESS', change === 'replace' ? REPLACEMENT_REASON : undefined);
    await pause(context, logicalId, operation.cancelled.signal);
    if (isStopped(context, operation)) return false;
    const failure = context.options.failResources?.[logicalId];
    if (failure !== undefined) throw validationError(failure);
    checkProperties(logicalId, properties, provider);

    const inPlace = change === 'update' ? previous : undefined;
    const { physicalId: existing, properties: before } = inPlace ?? { physicalId: undefined, properties: {} };
    const facts = { physicalId: existing, properties, previous: before };
    const step = resourceStep(context, stack, logicalId, facts);
    authorizeStep(context, stack, provider, inPlace ? 'update' : 'create', step);
    if (inPlace && operation.changesTags) authorizeStep(context, stack, provider, 'tag', step);
    if (inPlace) operation.touched.set(logicalId, { ...inPlace, ...plan });
    const { physicalId, attributes } = await provider.put(step);
    const physical: PhysicalResource = { logicalId, physicalId, attributes, ...plan };
    setPhysical(operation, physical);
    if (!inPlace) operation.made.push(physical);
    if (!inPlace && previous) stack.superseded.push(previous);
    if (!operation.inFlight.has(logicalId)) return false;
    if (!inPlace) report('IN_PROGRESS', 'Resource creation Initiated');
    // Express mode: configured is complete (user guide, cloudformation-express-mode).
    if (operation.deployment.mode === 'STANDARD') await pause(context, logicalId, operation.cancelled.signal);
    // Cancelled: its last event has been reported. Or the emulator closes.
    if (!operation.inFlight.delete(logicalId) || context.signal.aborted) return false;
    report('COMPLETE');
    return true;
  } catch (error) {
    // A resource that was cancelled already has its last event.
    if (operation.cancelled.signal.aborted && !operation.inFlight.has(logicalId)) return false;
    failResource(context, operation, logicalId, verb, reasonOf(error));
    cancelInFlight(context, operation);
    return false;
  }
}

function setPhysical({ stack }: StackOperation, physical: PhysicalResource): void {
  const resource = stack.resources.get(physical.logicalId);
  if (resource) resource.physical = physical;
}

function isStopped(context: EngineContext, operation: StackOperation): boolean {
  return operation.cancelled.signal.aborted || context.signal.aborted;
}

/** The change that brings a resource to its definition. */
function neededChange(previous: PhysicalResource | undefined, properties: Properties, provider: ResourceProvider) {
  if (!previous) return 'create';
  const names = new Set([...Object.keys(previous.properties), ...Object.keys(properties)]);
  const changed = [...names].filter((name) => !sameValue(previous.properties[name], properties[name]));
  if (changed.length === 0) return 'nothing';
  const effects = propertyEffects(provider);
  return changed.some((name) => effects.get(name) === 'create-only') ? 'replace' : 'update';
}

/** Checks properties against those that a provider knows. @throws {AwsError} ValidationError (400) that names each wrong one */
function checkProperties(logicalId: string, properties: Properties, provider: ResourceProvider): void {
  const effects = propertyEffects(provider);
  const unknown = Object.keys(properties).filter((name) => !effects.has(name));
  const missing = provider.required?.split(' ').filter((name) => properties[name] === undefined) ?? [];
  if (unknown.length > 0)
    throw validationError(`${logicalId}: the emulator does not support [${unknown.join(', ')}] of ${provider.type}`);
  if (missing.length === 0) return;
  const faults = missing.map((name) => `#: required key [${name}] not found`).join(', ');
  throw validationError(`Properties validation failed for resource ${logicalId} with message:\n[${faults}]`);
}

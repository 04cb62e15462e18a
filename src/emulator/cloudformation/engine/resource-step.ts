import { setImmediate as turn } from 'node:timers/promises';
import { accessDeniedException } from '../../iam/policy.ts';
import type { Iam } from '../../iam/service.ts';
import { AwsError, handlerError, validationError } from '../../kernel/aws-error.ts';
import { REAL_CLOCK } from '../../kernel/clock.ts';
import type { EmitEvent } from '../../kernel/emulator-event.ts';
import { generateNameSuffix } from '../../kernel/properties.ts';
import type { Place } from '../../kernel/place.ts';
import type {
  Properties,
  ResourceActions,
  ResourceProvider,
  ResourceProviders,
  ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { CloudFormationOptions } from '../options.ts';
import type { StackStore } from '../store.ts';
import type { PhysicalResource, Stack } from './stack.ts';

/** The services and settings that every operation works with. */
export interface EngineContext {
  readonly place: Place;
  readonly store: StackStore;
  readonly providers: ResourceProviders;
  readonly options: CloudFormationOptions;
  /** Checks what is done to resources. */
  readonly iam: Iam;
  readonly emit: EmitEvent;
  /** Aborted when the emulator closes: operations stop where they are. */
  readonly signal: AbortSignal;
}

/** Deletes a resource or updates it back, if IAM allows, and waits its time. @param previous properties before an update @throws {AwsError} the reason of its status */
export async function runStep(
  context: EngineContext,
  stack: Stack,
  kind: 'update' | 'delete',
  { logicalId, physicalId, properties, definition }: PhysicalResource,
  previous: Properties = {},
): Promise<void> {
  const { options, providers } = context;
  const failure = (kind === 'update' ? options.failRestores : options.failDeletes)?.[logicalId];
  if (failure !== undefined) throw validationError(failure);
  const provider = providers.get(definition.type);
  if (provider) {
    const step = resourceStep(context, stack, logicalId, { physicalId, properties, previous });
    authorizeStep(context, stack, provider, kind, step);
    if (kind === 'delete') await provider.delete(step);
    else await provider.put(step);
  }
  await pause(context, logicalId);
}

/** Checks and emits the IAM actions of a step, for the service role or else the caller. @throws {AwsError} AccessDenied (403) */
export function authorizeStep(
  { iam, emit }: EngineContext,
  stack: Stack,
  provider: ResourceProvider,
  kind: keyof ResourceActions,
  step: ResourceStep,
): void {
  const identity = stack.roleArn === undefined ? stack.caller : iam.identityOfRole(stack.roleArn);
  if (!identity) return;
  for (const { action, resource, context: conditions } of provider.actions[kind]?.(step) ?? []) {
    const decision = iam.decide(identity, action, resource, conditions);
    const allowed = decision === 'allow';
    emit({ type: 'resource-call', caller: identity.arn, action, resource, allowed });
    if (allowed) continue;
    const { message } = accessDeniedException(identity, action, resource, decision);
    throw handlerError('AccessDenied', 'AccessDenied', 403, message, action.slice(0, action.indexOf(':')));
  }
}

/** A step of a resource. It has one generated name, in case the resource needs one. */
export function resourceStep<Id extends string | undefined>(
  { place, options }: EngineContext,
  stack: Stack,
  logicalId: string,
  { physicalId, properties, previous }: Pick<ResourceStep, 'properties' | 'previous'> & { readonly physicalId: Id },
): ResourceStep & { readonly physicalId: Id } {
  const type = stack.definition?.template.resources.get(logicalId)?.type ?? '';
  const context = {
    ...place,
    stackName: stack.name,
    logicalId,
    nameSuffix: generateNameSuffix(),
    ...(options.namedByLogicalId?.includes(type) && { namePrefix: logicalId }),
  };
  const hasStackTags = (stack.definition?.tags ?? []).length > 0;
  return { physicalId, properties, previous, context, hasStackTags, readsUnset: options.readsUnset !== false };
}

/** Waits the configured time of a resource, at least one turn of the event loop; until the emulator closes or a cancellation. */
export async function pause({ options, signal }: EngineContext, logicalId?: string, cancelled?: AbortSignal): Promise<void> {
  const own = logicalId === undefined ? undefined : options.slowResources?.[logicalId];
  const wait = own ?? options.resourceDelayMs ?? 0;
  const ended = cancelled ? AbortSignal.any([signal, cancelled]) : signal;
  if (wait === 0 || ended.aborted) return turn();
  if (typeof wait === 'object') {
    const isEnded = new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
    await Promise.race([wait, isEnded]);
  } else {
    await REAL_CLOCK.sleep(wait, ended).catch(() => {});
  }
}

/** The status reason of a failure. Only AwsError is expected; any other error is a bug and is reported as one. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return error.message;
  return `Internal Failure: ${error instanceof Error ? error.message : String(error)}`;
}

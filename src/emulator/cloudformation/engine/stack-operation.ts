import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { EmitEvent } from '../../kernel/emulator-event.ts';
import type { Iam } from '../../iam/service.ts';
import { generateNameSuffix } from '../../kernel/physical-name.ts';
import type { Place } from '../../kernel/place.ts';
import type { Json, ResourceContext } from '../../kernel/resource-provider.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { type DeploymentMode, STANDARD_DEPLOYMENT } from './deployment-config.ts';
import type { CloudFormationOptions } from '../options.ts';
import type { ResourceProviders } from './resource-changes.ts';
import type { ResourceScope, StackDefinition } from './stack-definition.ts';
import type { StackStore } from '../store.ts';
import type { PhysicalResource, Stack } from './stack.ts';
import { validationError } from '../validation-error.ts';

/** What every operation works with. */
export interface EngineContext {
  readonly place: Place;
  readonly store: StackStore;
  readonly providers: ResourceProviders;
  readonly options: CloudFormationOptions;
  /** Checks what is done to resources; without it everything may be. */
  readonly iam?: Iam | undefined;
  readonly emit?: EmitEvent | undefined;
  /** Aborted when the emulator closes: operations stop where they are. */
  readonly signal: AbortSignal;
}

/** One creation or update of a stack on its way: what it has done so far, for rollback and cleanup. */
export interface StackOperation {
  readonly stack: Stack;
  readonly definition: StackDefinition;
  readonly token: string | undefined;
  readonly deployment: DeploymentMode;
  /** Whether the tags of the stack change, which CloudFormation passes on to every resource that has tags. */
  readonly changesTags: boolean;
  /** Aborted when what is in flight is cancelled: whatever waits stops waiting. */
  readonly cancelled: AbortController;
  readonly failedCreates: string[];
  readonly failedUpdates: string[];
  /** Resources between IN_PROGRESS and their end, with what is done to them. */
  readonly inFlight: Map<string, 'CREATE' | 'UPDATE'>;
  /** New physical resources, oldest first. */
  readonly made: PhysicalResource[];
  /** What there was before. */
  readonly before: ReadonlyMap<string, PhysicalResource>;
  /** Existing resources that were begun on; those updated in place with what the provider was told to make of them. */
  readonly touched: Map<string, PhysicalResource | undefined>;
  /** A delete has taken over: no more steps, no rollback. */
  isAbandoned: boolean;
}

export function startOperation(
  stack: Stack,
  definition: StackDefinition,
  token: string | undefined,
  deployment: DeploymentMode = STANDARD_DEPLOYMENT,
  changesTags = false,
): StackOperation {
  return {
    stack,
    definition,
    token,
    deployment,
    changesTags,
    cancelled: new AbortController(),
    failedCreates: [],
    failedUpdates: [],
    inFlight: new Map(),
    made: [],
    before: new Map(
      [...stack.resources].flatMap(([id, { physical }]) => (physical ? [[id, physical]] : [])),
    ),
    touched: new Map(),
    isAbandoned: false,
  };
}

export function hasFailed(operation: StackOperation): boolean {
  return operation.failedCreates.length + operation.failedUpdates.length > 0;
}

/** Ends what is in flight with AWS's "cancelled" events; the providers' calls run out by themselves. */
export function cancelInFlight(context: EngineContext, operation: StackOperation): void {
  operation.cancelled.abort();
  for (const [logicalId, verb] of operation.inFlight) {
    failResource(
      context,
      operation,
      logicalId,
      verb,
      `Resource ${verb === 'CREATE' ? 'creation' : 'update'} cancelled`,
    );
  }
}

/** Marks a resource as failed, with an event; it counts in the reason for the stack's rollback. */
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

/** The two sentences that say which resources have failed, as AWS puts them into the stack's reason. */
export function failureReason(operation: StackOperation): string {
  const sentence = (ids: readonly string[], verb: string) =>
    ids.length > 0 ? `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. ` : '';
  return sentence(operation.failedCreates, 'create') + sentence(operation.failedUpdates, 'update');
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
      throw validationError(
        `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt (${definition.type})`,
      );
    },
  };
}

export function resourceContext(
  context: EngineContext,
  stack: Stack,
  logicalId: string,
): ResourceContext {
  const type = stack.definition?.template.resources.get(logicalId)?.type ?? '';
  const isNamedAlone = context.options.namedByLogicalId?.includes(type) === true;
  return {
    ...context.place,
    stackName: stack.name,
    stackId: stack.id,
    logicalId,
    nameSuffix: generateNameSuffix(),
    ...(isNamedAlone && { namePrefix: logicalId }),
  };
}

/**
 * Waits the time that is configured for a resource (or for all), at least until other work has had its turn; ends at once when the
 * emulator closes, or the operation is cancelled.
 */
export async function pause(
  { options, signal }: EngineContext,
  logicalId?: string,
  cancelled?: AbortSignal,
): Promise<void> {
  const own = logicalId === undefined ? undefined : options.slowResources?.[logicalId];
  const wait = own ?? options.resourceDelayMs ?? 0;
  const ended = cancelled ? AbortSignal.any([signal, cancelled]) : signal;
  if (wait === 0 || ended.aborted) return turn();
  if (typeof wait === 'object') {
    const isEnded = new Promise((resolve) =>
      ended.addEventListener('abort', resolve, { once: true }),
    );
    await Promise.race([wait, isEnded]);
  } else {
    await delay(Math.min(wait, LONGEST_DELAY_MS), undefined, { signal: ended }).catch(() => {});
  }
}

/** Of a timer of Node.js: a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The sentence of a failure; what is no AwsError is a bug and says so. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return error.message;
  return `Internal Failure: ${error instanceof Error ? error.message : String(error)}`;
}

import type { Place } from './place.ts';

/** A template value whose intrinsic functions are resolved. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The resolved `Properties` of a resource, without members that were `AWS::NoValue`. */
export type Properties = { readonly [name: string]: Json };

/** Facts about a resource beside its properties, for its provider. */
export interface ResourceContext extends Place {
  readonly stackName: string;
  readonly logicalId: string;
  /** End of the generated name, so that the name is known before the resource is created. */
  readonly nameSuffix: string;
  /** Beginning of the generated name, in place of `{stack}-{logical id}`. */
  readonly namePrefix?: string;
}

/** A resource that exists: the values of `Ref` and `Fn::GetAtt`. */
export interface ProvisionedResource {
  /** Value of `Ref`. */
  readonly physicalId: string;
  /** Values of `Fn::GetAtt`, by attribute name (`Arn`, `RootResourceId`, ...). */
  readonly attributes: Readonly<Record<string, Json>>;
}

/** An IAM action that CloudFormation needs permission for. */
export interface ResourceAction {
  /** For example `lambda:CreateFunction`. */
  readonly action: string;
  /** ARN; `*` in the place of an id that the service gives later, or for an action that knows no resources. */
  readonly resource: string;
  /** Condition keys of the call, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** An operation on a resource that is about to begin. */
export interface ResourceStep {
  /** Absent before the creation. */
  readonly physicalId: string | undefined;
  readonly properties: Properties;
  /** Properties before an update in place; empty otherwise. */
  readonly previous: Properties;
  readonly context: ResourceContext;
  /** Whether the stack has tags, which CloudFormation passes on to its resources. */
  readonly hasStackTags: boolean;
  /** Whether handlers read settings that the template leaves out (CloudFormationOptions). */
  readonly readsUnset: boolean;
}

type ActionsOf = (step: ResourceStep) => readonly ResourceAction[];

/** The IAM actions that the operations of a resource type need: see handler-actions.ts. */
export interface ResourceActions {
  readonly create: ActionsOf;
  readonly update: ActionsOf;
  readonly delete: ActionsOf;
  /** When nothing but the stack's tags changes; absent for types that have no tags. */
  readonly tag?: ActionsOf;
}

/** Provisions one resource type. It throws an AwsError, whose message becomes the ResourceStatusReason. */
export interface ResourceProvider {
  /** For example `AWS::Lambda::Function`. */
  readonly type: string;
  /**
   * Every property that the provider knows, separated by spaces: those that are updated in place, and those whose change is a
   * replacement, as in the CloudFormation resource schema. Any other property fails the resource.
   */
  readonly mutable?: string;
  readonly createOnly?: string;
  /** The properties that it must have, separated by spaces. */
  readonly required?: string;
  readonly actions: ResourceActions;
  /** Creates the resource, or updates it in place when it has a physical id: no create-only property has changed then. */
  put(step: ResourceStep): ProvisionedResource | Promise<ProvisionedResource>;
  /** Succeeds for a resource that no longer exists. */
  delete(step: ResourceStep & { readonly physicalId: string }): void | Promise<void>;
}

/** The effect of a change of each property that a provider knows. */
export function propertyEffects({
  mutable = '',
  createOnly = '',
}: ResourceProvider): ReadonlyMap<string, 'mutable' | 'create-only'> {
  return new Map([
    ...mutable.split(' ').map((name) => [name, 'mutable'] as const),
    ...createOnly.split(' ').map((name) => [name, 'create-only'] as const),
  ]);
}

/** Resource providers by type. */
export type ResourceProviders = ReadonlyMap<string, ResourceProvider>;

/** Actions, separated by spaces, on one resource. */
export function actionsOn(resource: string, actions: string): ResourceAction[] {
  return actions.split(' ').map((action) => ({ action, resource }));
}

/** The permission to pass a role to a service (IAM user guide, "Grant a user permissions to pass a role to an AWS service"). */
export function passRole(roleArn: string, service: string): ResourceAction {
  return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': service } };
}

/** Whether a step sets or changes one of these properties. @param names separated by spaces */
export function isChanged({ properties, previous }: ResourceStep, names: string): boolean {
  const text = (value: Json | undefined) => JSON.stringify(value ?? null);
  return names.split(' ').some((name) => text(properties[name]) !== text(previous[name]));
}

/** Resources without an effect in the emulator: their properties by physical id. */
export type KeptResources = Map<string, Properties>;

/**
 * Provides a resource type whose resources only have to exist until they are deleted.
 * @param input.describe returns the ids of a resource; throws an AwsError for properties that the service would refuse, and, without a
 * physical id, for a name that is taken
 */
export function keptResourceProvider(
  input: Omit<ResourceProvider, 'put' | 'delete'> & {
    readonly kept: KeptResources;
    readonly describe: (step: ResourceStep) => ProvisionedResource;
  },
): ResourceProvider {
  const { kept, describe, ...declared } = input;
  return {
    ...declared,
    put(step) {
      const resource = describe(step);
      kept.set(resource.physicalId, step.properties);
      return resource;
    },
    delete: ({ physicalId }) => void kept.delete(physicalId),
  };
}

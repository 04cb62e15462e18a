import type { Place } from './place.ts';

/** A resolved template value: what is left when all intrinsic functions are gone. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The `Properties` of a resource, resolved, without members that were `AWS::NoValue`. */
export type Properties = { readonly [name: string]: Json };

/** What a provider is told about the resource beside its properties. */
export interface ResourceContext extends Place {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** End of the name that a resource without one is given, so that the name is known before the resource is made. */
  readonly nameSuffix?: string;
  /** Beginning of that name, in place of `{stack}-{logical id}`. */
  readonly namePrefix?: string;
}

/** A resource that exists: what `Ref` and `Fn::GetAtt` of it give. */
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

/** What is about to be done to a resource. */
export interface ResourceStep {
  /** Absent when it is created. */
  readonly physicalId: string | undefined;
  readonly properties: Properties;
  /** Before an update in place; else none. */
  readonly previous: Properties;
  readonly context: ResourceContext;
  /** Whether the stack has tags, which CloudFormation passes on to its resources. */
  readonly hasStackTags: boolean;
}

type ActionsOf = (step: ResourceStep) => readonly ResourceAction[];

/**
 * The IAM actions behind the steps of a resource type: the permissions of its handlers in the CloudFormation registry schema, without
 * those that belong to properties which are not set. Which of them a handler calls in one case is not documented: here, all of them.
 */
export interface ResourceActions {
  readonly create: ActionsOf;
  readonly update: ActionsOf;
  readonly delete: ActionsOf;
  /** When nothing but the stack's tags changes; absent for types that have no tags. */
  readonly tag?: ActionsOf;
}

/**
 * Provisions one resource type for the CloudFormation engine (AWS calls this a resource provider). Failures are thrown as
 * AwsError, whose message becomes the ResourceStatusReason.
 */
export interface ResourceProvider {
  /** For example `AWS::Lambda::Function`. */
  readonly type: string;
  /**
   * Every property that the provider honours, by what an update of it does: `mutable` (update in place) or `create-only`
   * (replacement), as in the CloudFormation resource schema. A property that is not named here fails the resource.
   */
  readonly properties: Readonly<Record<string, 'mutable' | 'create-only'>>;
  readonly required: readonly string[];
  /** The IAM actions behind each step; one without them is not checked. */
  readonly actions?: ResourceActions;
  create(properties: Properties, context: ResourceContext): Promise<ProvisionedResource>;
  /** Updates in place: only called when no create-only property has changed. */
  update(
    physicalId: string,
    properties: Properties,
    previous: Properties,
    context: ResourceContext,
  ): Promise<ProvisionedResource>;
  /** Deletes; a resource that is gone already is no error. */
  delete(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
}

/** Resource providers by type. */
export type ResourceProviders = ReadonlyMap<string, ResourceProvider>;

/** Several actions on one resource. */
export function actionsOn(resource: string, ...actions: readonly string[]): ResourceAction[] {
  return actions.map((action) => ({ action, resource }));
}

/** What it takes to give a role to a service (IAM user guide, "Grant a user permissions to pass a role to an AWS service"). */
export function passRole(roleArn: string, service: string): ResourceAction {
  return {
    action: 'iam:PassRole',
    resource: roleArn,
    context: { 'iam:PassedToService': service },
  };
}

/** Whether a step changes one of these properties. */
export function isChanged({ properties, previous }: ResourceStep, ...names: string[]): boolean {
  const text = (value: Json | undefined) => JSON.stringify(value ?? null);
  return names.some((name) => text(properties[name]) !== text(previous[name]));
}

import type { Json, Properties, ResourceContext, ResourceProvider } from './resource-provider.ts';

/** One IAM action that CloudFormation needs the permission for. */
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

/** Several actions on one resource. */
export function actionsOn(resource: string, ...actions: readonly string[]): ResourceAction[] {
  return actions.map((action) => ({ action, resource }));
}

/** Whether a step changes one of these properties. */
export function isChanged({ properties, previous }: ResourceStep, ...names: string[]): boolean {
  const text = (value: Json | undefined) => JSON.stringify(value ?? null);
  return names.some((name) => text(properties[name]) !== text(previous[name]));
}

/** Gives each provider the actions of its type. */
export function withActions(
  providers: readonly ResourceProvider[],
  byType: Readonly<Record<string, ResourceActions>>,
): readonly ResourceProvider[] {
  return providers.map((provider) => {
    const actions = byType[provider.type];
    return actions ? { ...provider, actions } : provider;
  });
}

import type { Form, XmlValue } from '../../protocols/query.ts';
import type { CloudFormationLimits } from '../limits.ts';
import type { CloudFormationOptions } from '../options.ts';
import type { ResourceProviders } from '../../kernel/resource-provider.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { StackStore } from '../store.ts';
import type { Place } from '../../kernel/place.ts';

export interface ActionContext {
  readonly place: Place;
  readonly providers: ResourceProviders;
  readonly limits: CloudFormationLimits;
  readonly options: CloudFormationOptions;
  readonly store: StackStore;
  readonly engine: StackEngine;
}

/** An API operation of CloudFormation. */
export interface Action {
  /** The request members that it knows, separated by spaces; a request with any other member is refused. */
  readonly members: string;
  /** @returns the members of the `{Action}Result`; undefined for operations without one. @throws {AwsError} */
  run(form: Form, context: ActionContext): XmlValue | undefined;
}

/** Operations by name. */
export type Actions = Readonly<Record<string, Action>>;

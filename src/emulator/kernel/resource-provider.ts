import type { Place } from './place.ts';
import type { ResourceActions } from './resource-actions.ts';

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

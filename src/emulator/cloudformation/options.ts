import type { CloudFormationLimits } from './limits.ts';

/** How the service is set. What is said by logical id holds for every stack, and is read at each attempt: it may change meanwhile. */
export interface CloudFormationOptions {
  /** Time between a resource's IN_PROGRESS and its COMPLETE, and to make a change set. Default 0. */
  readonly resourceDelayMs?: number;
  /** The same time for single resources, or a promise to wait for; Infinity for one that is stuck until its operation is broken off. */
  readonly slowResources?: Readonly<Record<string, number | Promise<unknown>>>;
  /** Reasons: these resources fail to create and to update. */
  readonly failResources?: Readonly<Record<string, string>>;
  /** Reasons: these fail to be deleted. */
  readonly failDeletes?: Readonly<Record<string, string>>;
  /** Reasons: these fail to be put back to what they were when an update is rolled back. */
  readonly failRestores?: Readonly<Record<string, string>>;
  /** What early validation finds: a change set that adds or changes such a resource fails. */
  readonly failValidation?: Readonly<Record<string, ValidationFinding>>;
  /** How long after it has happened an event is seen by DescribeStackEvents, and a status by DescribeStacks. Default 0. */
  readonly readLagMs?: number;
  /**
   * Whether EXPRESS without `DisableRollback` leaves failures as they are: the user guide says that it does
   * (cloudformation-express-mode), the API reference of DeploymentConfig that it does not. Default true.
   */
  readonly expressDisablesRollback?: boolean;
  /**
   * Types whose resources without a name are called `{logical id}-{random}`, as users see it of AWS::WAFv2::WebACL and
   * AWS::CloudWatch::Dashboard; the user guide ("Name type") says `{stack}-{logical id}-{random}` of all. Default none.
   */
  readonly namedByLogicalId?: readonly string[];
  readonly limits?: Partial<CloudFormationLimits>;
}

/** A finding that ends a change set (user guide, "Validate stack deployments", FAIL mode). */
export interface ValidationFinding {
  readonly name: 'NAME_CONFLICT_VALIDATION' | 'PROPERTY_VALIDATION';
  readonly reason: string;
  /** Within the template, for example `/Resources/Function/Properties/Role`. */
  readonly path: string;
}

import type { CloudFormationLimits } from './limits.ts';

/** Settings of CloudFormation. Those by logical id hold for every stack and are read at each attempt, so that a test can change them. */
export interface CloudFormationOptions {
  /** Time from a resource's IN_PROGRESS to its COMPLETE, and to create a change set, ms. Default 0. */
  readonly resourceDelayMs?: number;
  /** That time for single resources, ms, or a promise to wait for; Infinity for a resource that hangs until its operation is cancelled. */
  readonly slowResources?: Readonly<Record<string, number | Promise<unknown>>>;
  /** Resources that fail to create and to update, with the reason. */
  readonly failResources?: Readonly<Record<string, string>>;
  /** Resources that fail to delete, with the reason. */
  readonly failDeletes?: Readonly<Record<string, string>>;
  /** Resources that fail when an update is rolled back, with the reason. */
  readonly failRestores?: Readonly<Record<string, string>>;
  /** Findings of early validation: a change set that adds or changes such a resource fails. */
  readonly failValidation?: Readonly<Record<string, ValidationFinding>>;
  /** How long DescribeStackEvents and DescribeStacks lag behind, ms. Default 0. */
  readonly readLagMs?: number;
  /**
   * Whether EXPRESS without `DisableRollback` leaves failures as they are. The user guide says that it does
   * (cloudformation-express-mode), the API reference of DeploymentConfig says that it does not. Default true.
   */
  readonly expressDisablesRollback?: boolean;
  /**
   * Types whose generated names are `{logical id}-{random}`, as users report of AWS::WAFv2::WebACL and AWS::CloudWatch::Dashboard; the
   * user guide ("Name type") says `{stack}-{logical id}-{random}` for all types. Default none.
   */
  readonly namedByLogicalId?: readonly string[];
  /**
   * Whether handlers read settings that the template leaves out, such as a function's recursion and runtime management: their schemas
   * have the permissions, nobody has reported a handler that failed without them. Default true.
   */
  readonly readsUnset?: boolean;
  readonly limits?: Partial<CloudFormationLimits>;
}

/** A finding that fails a change set (user guide, "Validate stack deployments", FAIL mode). */
export interface ValidationFinding {
  readonly name: 'NAME_CONFLICT_VALIDATION' | 'PROPERTY_VALIDATION';
  readonly reason: string;
  /** Within the template, for example `/Resources/Function/Properties/Role`. */
  readonly path: string;
}

import type { CloudFormationLimits } from './limits.ts';

export interface CloudFormationOptions {
  /** Time between a resource's IN_PROGRESS and its COMPLETE, and to make a change set. Default 0. */
  readonly resourceDelayMs?: number;
  /** Reasons by logical id: these resources fail to create and to update. Read at each attempt. */
  readonly failResources?: Readonly<Record<string, string>>;
  readonly limits?: Partial<CloudFormationLimits>;
}

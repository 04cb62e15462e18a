import type { ResourceChange } from './resource-changes.ts';
import type { DeploymentMode } from './deployment-config.ts';
import type { ValidationFinding } from '../options.ts';
import type { StackDefinition } from './stack-definition.ts';

export type OnStackFailure = 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  /** Of the request that made it, and of the one that executed it: the same request again changes nothing. */
  readonly clientToken: string | undefined;
  executionToken: string | undefined;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly creationTime: Date;
  readonly onStackFailure: OnStackFailure | undefined;
  readonly deployment: DeploymentMode;
  /** Of its making: what DescribeEvents tells of it carries this id. */
  readonly operationId: string;
  /** What early validation has found, by logical id; it fails for it. */
  readonly findings: ReadonlyMap<string, ValidationFinding>;
  readonly definition: StackDefinition;
  readonly changes: readonly ResourceChange[];
  status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  statusReason: string | undefined;
  executionStatus:
    | 'UNAVAILABLE'
    | 'AVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED';
}

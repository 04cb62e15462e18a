import type { Identity } from '../../iam/principal.ts';
import type { Json, Properties } from '../../kernel/resource-provider.ts';
import type { StackDefinition } from './stack-definition.ts';
import type { StackOperation } from './stack-operation.ts';
import type { ResourceDefinition } from '../template/template-resource.ts';
import type { ResourceChange } from './resource-changes.ts';
import type { ValidationFinding } from '../options.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
}

/** A resource that exists, as the stack last made it. */
export interface PhysicalResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Resolved. */
  readonly properties: Properties;
  readonly definition: ResourceDefinition;
  /** Logical ids that must outlive this resource. */
  readonly dependsOn: readonly string[];
}

/** A logical id of a stack and how it stands. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  status: string;
  statusReason: string | undefined;
  timestamp: Date;
  /** Absent before it is made, and once it is gone. */
  physical: PhysicalResource | undefined;
}

export interface StackEvent {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly timestamp: Date;
  readonly status: string;
  readonly reason: string | undefined;
  readonly properties: Properties | undefined;
  readonly token: string | undefined;
  /** Absent for the event of a shell that a change set has made. */
  readonly operationId: string | undefined;
}

/** API reference, OperationEntry. */
export interface OperationEntry {
  readonly type:
    | 'CREATE_STACK'
    | 'UPDATE_STACK'
    | 'DELETE_STACK'
    | 'CREATE_CHANGESET'
    | 'ROLLBACK'
    | 'CONTINUE_ROLLBACK';
  readonly id: string;
}

/** What a rollback that is asked for later needs: what failed, and where to go back to. */
export interface FailedUpdate {
  readonly operation: StackOperation;
  readonly definition: StackDefinition;
  readonly outputs: readonly Output[];
}

/** A stack, living or deleted. */
export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly creationTime: Date;
  lastUpdatedTime: Date | undefined;
  deletionTime: Date | undefined;
  status: string;
  statusReason: string | undefined;
  /** Absent for the shell that a change set of type CREATE stands in. */
  definition: StackDefinition | undefined;
  disableRollback: boolean;
  /** Of the last operation. */
  deployment: DeploymentMode;
  terminationProtection: boolean;
  /** Who began the last operation. */
  caller: Identity | undefined;
  /** The service role that its operations are made with in place of the caller; once given, it stays (API reference, CreateStack). */
  roleArn: string | undefined;
  /** The change set that was executed last. */
  changeSetId: string | undefined;
  readonly changeSets: Map<string, ChangeSet>;
  readonly resources: Map<string, StackResource>;
  outputs: readonly Output[];
  /** What replacements have left behind, until the next cleanup. */
  superseded: PhysicalResource[];
  /** Oldest first. */
  readonly events: StackEvent[];
  /** Oldest first; events belong to the last one. */
  readonly operations: OperationEntry[];
  /** The updates that stand failed since the stack was last well, oldest first. */
  failedUpdates: FailedUpdate[];
}

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

/** How an operation is run (API reference, DeploymentConfig). */
export interface DeploymentMode {
  /** EXPRESS: a resource is done when its configuration is applied; nobody waits until it is ready. */
  readonly mode: 'STANDARD' | 'EXPRESS';
  /** Undefined when the request does not say. */
  readonly disableRollback: boolean | undefined;
}

export const STANDARD_DEPLOYMENT: DeploymentMode = { mode: 'STANDARD', disableRollback: undefined };

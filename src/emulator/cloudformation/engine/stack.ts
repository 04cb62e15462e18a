import type { Identity } from '../../iam/identity.ts';
import type { Json, Properties } from '../../kernel/resource-provider.ts';
import type { ChangeSet } from './change-set.ts';
import type { DeploymentMode } from './deployment-config.ts';
import type { StackDefinition } from './stack-definition.ts';
import type { StackOperation } from './stack-operation.ts';
import type { ResourceDefinition } from '../template/template-resource.ts';

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

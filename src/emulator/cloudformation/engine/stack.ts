import type { Identity } from '../../iam/policy.ts';
import type { Json, Properties } from '../../kernel/resource-provider.ts';
import type { ValidationFinding } from '../options.ts';
import type { ResourceDefinition } from '../template/template.ts';
import type { PropertyChange } from './property-changes.ts';
import type { Output, StackDefinition } from './stack-definition.ts';

/** A stack, living or deleted. */
export interface Stack extends ReturnType<typeof makeStack> {}

/** A new stack, which only holds a change set of type CREATE until an operation gives it a definition. */
export function makeStack(name: string, id: string) {
  return {
    id,
    name,
    creationTime: new Date(),
    lastUpdatedTime: undefined as Date | undefined,
    deletionTime: undefined as Date | undefined,
    status: 'REVIEW_IN_PROGRESS',
    statusReason: undefined as string | undefined,
    definition: undefined as StackDefinition | undefined,
    disableRollback: false,
    /** The mode of the last operation. */
    deployment: { mode: 'STANDARD', disableRollback: undefined } as DeploymentMode,
    terminationProtection: false,
    /** The identity that began the last operation. */
    caller: undefined as Identity | undefined,
    /** The service role whose permissions replace those of the caller; once given, it stays (API reference, CreateStack). */
    roleArn: undefined as string | undefined,
    /** The change set that was executed last. */
    changeSetId: undefined as string | undefined,
    changeSets: new Map<string, ChangeSet>(),
    resources: new Map<string, StackResource>(),
    outputs: [] as readonly Output[],
    /** Resources that were replaced and wait for the next cleanup. */
    superseded: [] as PhysicalResource[],
    /** Oldest first. */
    events: [] as StackEvent[],
    /** Oldest first; new events belong to the last one. */
    operations: [] as OperationEntry[],
    /** Failed updates that have not been rolled back, oldest first. */
    failedUpdates: [] as FailedUpdate[],
  };
}

/** A logical id of a stack and its status. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  status: string;
  statusReason: string | undefined;
  timestamp: Date;
  /** Absent before the resource is created and after it is deleted. */
  physical: PhysicalResource | undefined;
}

/** A resource that exists, as the stack last set it. */
export interface PhysicalResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Resolved. */
  readonly properties: Properties;
  readonly definition: ResourceDefinition;
  /** Logical ids of the resources that this one depends on: they are deleted after it. */
  readonly dependsOn: readonly string[];
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
  /** Absent for the REVIEW_IN_PROGRESS event: a change set created that stack. */
  readonly operationId: string | undefined;
}

/** API reference, OperationEntry. */
export interface OperationEntry {
  readonly type: 'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'CREATE_CHANGESET' | 'ROLLBACK' | 'CONTINUE_ROLLBACK';
  readonly id: string;
}

/** How an operation runs (API reference, DeploymentConfig). */
export interface DeploymentMode {
  /** EXPRESS: a resource is complete when its configuration is applied; nothing waits until it is ready. */
  readonly mode: 'STANDARD' | 'EXPRESS';
  /** Undefined when the request does not say. */
  readonly disableRollback: boolean | undefined;
}

/** A running creation or update of a stack, with what it has done so far: rollback and cleanup need it. */
export type StackOperation = ReturnType<typeof startOperation>;

/** @param changesTags whether the tags of the stack change, which CloudFormation passes on to every resource that has tags */
export function startOperation(
  stack: Stack,
  definition: StackDefinition,
  token: string | undefined,
  deployment: DeploymentMode,
  changesTags: boolean,
) {
  return {
    stack,
    definition,
    token,
    deployment,
    changesTags,
    /** Aborted when resources in progress are cancelled: their waits end. */
    cancelled: new AbortController(),
    failedCreates: [] as string[],
    failedUpdates: [] as string[],
    /** Logical ids between IN_PROGRESS and their last event, with what is done to them. */
    inFlight: new Map<string, 'CREATE' | 'UPDATE'>(),
    /** Physical resources that the operation created, oldest first. */
    made: [] as PhysicalResource[],
    /** Physical resources before the operation, by logical id. */
    before: new Map([...stack.resources].flatMap(([id, { physical }]) => (physical ? [[id, physical]] : []))),
    /** Existing resources that the operation began to change; those updated in place with what the provider was asked for. */
    touched: new Map<string, PhysicalResource | undefined>(),
    /** A deletion of the stack has taken over: no more steps, no rollback. */
    isAbandoned: false,
    /** The user has cancelled the update: it rolls back, also when rollback is disabled. */
    isCancelled: false,
  };
}

/** An update that failed and the state before it, for a rollback on request. */
interface FailedUpdate {
  readonly operation: StackOperation;
  readonly definition: StackDefinition;
  readonly outputs: readonly Output[];
}

export type OnStackFailure = 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  /** Tokens of the requests that created and executed it: the same request again changes nothing. */
  readonly clientToken: string | undefined;
  executionToken: string | undefined;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly creationTime: Date;
  readonly onStackFailure: OnStackFailure | undefined;
  readonly deployment: DeploymentMode;
  /** Operation that created it; its events in DescribeEvents carry this id. */
  readonly operationId: string;
  /** Findings of early validation, by logical id; any finding fails the change set. */
  readonly findings: ReadonlyMap<string, ValidationFinding>;
  readonly definition: StackDefinition;
  readonly changes: readonly ResourceChange[];
  status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  statusReason: string | undefined;
  executionStatus: 'UNAVAILABLE' | 'AVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
}

/** The change that a change set predicts for one resource (API reference, ResourceChange). */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly policyAction?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain' | undefined;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly scope: readonly string[];
  readonly details: readonly PropertyChange[];
  /** Resource attributes that change beside the properties: `Metadata`, `DeletionPolicy`, ... */
  readonly attributes: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
}

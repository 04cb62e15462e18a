import type { ResourceChange } from './resource-changes.ts';
import type { StackDefinition } from './stack-definition.ts';

export type OnStackFailure = 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly creationTime: Date;
  readonly onStackFailure: OnStackFailure | undefined;
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

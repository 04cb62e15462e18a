import { AwsError } from '../../kernel/aws-error.ts';
import type { Action } from './action.ts';
import { readText, requireText } from './form-members.ts';

/** A change set that is not there is no error; a stack that is not there is one. */
export const deleteChangeSet: Action = {
  members: ['ChangeSetName', 'StackName'],
  run(form, { store }) {
    try {
      const { stack, changeSet } = store.getChangeSet(
        requireText(form, 'ChangeSetName'),
        readText(form, 'StackName'),
      );
      if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS') {
        throw new AwsError(
          'InvalidChangeSetStatus',
          400,
          `ChangeSet [${changeSet.id}] cannot be deleted in its current status of [EXECUTE_IN_PROGRESS]`,
        );
      }
      stack.changeSets.delete(changeSet.name);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ChangeSetNotFound')) throw error;
    }
    return {};
  },
};

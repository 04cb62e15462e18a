import { AwsError, validationError } from '../../kernel/aws-error.ts';
import { type Actions, readFlag, readText, requireText } from './action.ts';
import { checkUpdatable, rollbackDisabled } from './stack-request.ts';

export const executeChangeSetActions: Actions = {
  /** Deletes the other change sets of the stack: they were created for its earlier state. */
  ExecuteChangeSet: {
    members: 'ChangeSetName StackName ClientRequestToken DisableRollback',
    run(form, { store, engine, options }) {
      const { stack, changeSet } = store.getChangeSet(requireText(form, 'ChangeSetName'), readText(form, 'StackName'));
      const { id, name, type, status, executionStatus, definition, onStackFailure, deployment } = changeSet;
      const token = readText(form, 'ClientRequestToken');
      const disableRollback = readFlag(form, 'DisableRollback');
      if (disableRollback !== undefined && onStackFailure !== undefined)
        throw validationError('DisableRollback cannot be given for a change set that has OnStackFailure.');
      if (token !== undefined && changeSet.executionToken === token) return {};
      if (executionStatus !== 'AVAILABLE') {
        const current = status === 'CREATE_COMPLETE' ? executionStatus : status;
        throw new AwsError(
          'InvalidChangeSetStatus',
          400,
          `ChangeSet [${id}] cannot be executed in its current status of [${current}]`,
        );
      }
      const leavesFailures = onStackFailure === 'DO_NOTHING' || (disableRollback ?? rollbackDisabled(deployment, options));
      if (type === 'UPDATE') checkUpdatable(stack, leavesFailures);

      changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
      changeSet.executionToken = token;
      stack.changeSetId = id;
      for (const other of stack.changeSets.keys()) if (other !== name) stack.changeSets.delete(other);
      const onFailure = onStackFailure ?? (leavesFailures ? 'DO_NOTHING' : 'ROLLBACK');
      const end =
        type === 'CREATE'
          ? engine.create(stack, definition, { token, onFailure, deployment })
          : engine.update(stack, definition, { token, disableRollback: onFailure === 'DO_NOTHING', deployment });
      void end.then(() => {
        const isDone = stack.status === `${type}_COMPLETE`;
        changeSet.executionStatus = isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
      });
      return {};
    },
  },
  /** Succeeds for a change set that does not exist, and fails for a stack that does not exist. */
  DeleteChangeSet: {
    members: 'ChangeSetName StackName',
    run(form, { store }) {
      try {
        const { stack, changeSet } = store.getChangeSet(requireText(form, 'ChangeSetName'), readText(form, 'StackName'));
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
  },
};

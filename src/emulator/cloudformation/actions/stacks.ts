import { AwsError, validationError } from '../../kernel/aws-error.ts';
import { type Actions, readChoice, readDeployment, readFlag, readText, readTexts, requireText } from './action.ts';
import {
  checkName,
  checkUpdatable,
  DEFINITION_MEMBERS,
  readDefinition,
  requireStack,
  rollbackDisabled,
} from './stack-request.ts';
import { foreseeChanges, hasChanges } from '../engine/resource-changes.ts';
import { hasStableState } from '../engine/roll-back.ts';
import type { Stack } from '../engine/stack.ts';

export const stackActions: Actions = {
  CreateStack: {
    members: `${DEFINITION_MEMBERS} ClientRequestToken DeploymentConfig DisableRollback EnableTerminationProtection OnFailure`,
    run(form, context) {
      const { store, engine } = context;
      const name = requireText(form, 'StackName');
      checkName(name, 'stackName', context.limits);
      if (store.find(name)) throw new AwsError('AlreadyExistsException', 400, `Stack [${name}] already exists`);
      const onFailure = readChoice(form, 'OnFailure', ['DELETE', 'DO_NOTHING', 'ROLLBACK'] as const);
      const deployment = readDeployment(form);
      const disableRollback = readFlag(form, 'DisableRollback');
      if (onFailure !== undefined && disableRollback !== undefined)
        throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
      const stack = store.make(name);
      const definition = readDefinition(form, context, stack);
      foreseeChanges(stack, definition, context.providers);
      stack.terminationProtection = readFlag(form, 'EnableTerminationProtection') ?? false;
      store.add(stack);
      void engine.create(stack, definition, {
        token: readText(form, 'ClientRequestToken'),
        onFailure: onFailure ?? ((disableRollback ?? rollbackDisabled(deployment, context.options)) ? 'DO_NOTHING' : 'ROLLBACK'),
        deployment,
      });
      return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
    },
  },
  UpdateStack: {
    members: `${DEFINITION_MEMBERS} ClientRequestToken DeploymentConfig DisableRollback UsePreviousTemplate`,
    run(form, context) {
      const { store, engine } = context;
      const name = requireText(form, 'StackName');
      const stack = requireStack(store, name);
      if (stack.status === 'DELETE_COMPLETE') throw validationError(`Stack [${name}] does not exist`);
      const deployment = readDeployment(form);
      const disableRollback = readFlag(form, 'DisableRollback') ?? rollbackDisabled(deployment, context.options);
      checkUpdatable(stack, disableRollback);
      const definition = readDefinition(form, context, stack);
      const changes = foreseeChanges(stack, definition, context.providers);
      if (!hasChanges(stack, definition, changes)) throw validationError('No updates are to be performed.');
      stack.changeSets.clear();
      stack.changeSetId = undefined;
      void engine.update(stack, definition, { token: readText(form, 'ClientRequestToken'), disableRollback, deployment });
      return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
    },
  },
  CancelUpdateStack: {
    members: 'StackName ClientRequestToken',
    run(form, { store, engine }) {
      const stack = store.get(requireText(form, 'StackName'));
      if (stack.status !== 'UPDATE_IN_PROGRESS')
        throw validationError('CancelUpdateStack cannot be called from current stack status');
      engine.cancelUpdate(stack);
      return undefined;
    },
  },
  /** Succeeds for a stack that does not exist or is being deleted. Cancels a creation that is still running. */
  DeleteStack: {
    members: 'StackName RetainResources ClientRequestToken RoleARN',
    run(form, { store, engine }) {
      const stack = store.find(requireText(form, 'StackName'));
      if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return undefined;
      const { id, name, status } = stack;
      if (stack.terminationProtection)
        throw validationError(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`);
      const isBusy = status.endsWith('_IN_PROGRESS');
      if (isBusy && status !== 'CREATE_IN_PROGRESS' && status !== 'REVIEW_IN_PROGRESS')
        throw validationError(`Stack [${id}] cannot be deleted while in status ${status}`);
      const retain = readTexts(form, 'RetainResources') ?? [];
      if (retain.length > 0 && status !== 'DELETE_FAILED') {
        throw validationError(
          `Invalid operation on stack [${id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
        );
      }
      const unknown = retain.filter((logicalId) => !stack.resources.has(logicalId));
      if (unknown.length > 0) throw validationError(`Resources to retain [${unknown.join(', ')}] are not in the stack`);
      stack.roleArn = readText(form, 'RoleARN') ?? stack.roleArn;
      void engine.delete(stack, { token: readText(form, 'ClientRequestToken'), retain });
      return undefined;
    },
  },
  /** Returns a failed stack to its last stable state; deletes a stack that never had one. */
  RollbackStack: {
    members: 'StackName ClientRequestToken',
    run(form, { store, engine }) {
      const stack = store.get(requireText(form, 'StackName'));
      const token = readText(form, 'ClientRequestToken');
      checkStatus(stack, ['CREATE_FAILED', 'UPDATE_FAILED']);
      if (hasStableState(stack)) void engine.rollBack(stack, { token, type: 'ROLLBACK', skip: [] });
      else void engine.delete(stack, { token, retain: [] });
      return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
    },
  },
  /** Runs a failed rollback once more. */
  ContinueUpdateRollback: {
    members: 'StackName ClientRequestToken ResourcesToSkip',
    run(form, { store, engine }) {
      const stack = store.get(requireText(form, 'StackName'));
      checkStatus(stack, ['UPDATE_ROLLBACK_FAILED']);
      const skip = readTexts(form, 'ResourcesToSkip') ?? [];
      const wrong = skip.filter((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
      if (wrong.length > 0) throw validationError(`Resources [${wrong.join(', ')}] are not in UPDATE_FAILED state`);
      const token = readText(form, 'ClientRequestToken');
      void engine.rollBack(stack, { token, type: 'CONTINUE_ROLLBACK', skip });
      return {};
    },
  },
  /** A protected stack cannot be deleted. */
  UpdateTerminationProtection: {
    members: 'StackName EnableTerminationProtection',
    run(form, { store }) {
      const stack = store.get(requireText(form, 'StackName'));
      stack.terminationProtection = readFlag(form, 'EnableTerminationProtection') ?? false;
      return { StackId: stack.id };
    },
  },
};

function checkStatus({ id, status }: Stack, allowed: readonly string[]): void {
  if (!allowed.includes(status)) throw validationError(`Stack:${id} is in ${status} state and can not be rolled back.`);
}

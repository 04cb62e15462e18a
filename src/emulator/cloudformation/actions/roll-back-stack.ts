import { hasStableState } from '../engine/continue-rollback.ts';
import type { Stack } from '../engine/stack.ts';
import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readText, readTexts, requireText } from './form-members.ts';

/** From a failure that was left as it is, back to where the stack was well; a stack that never was is deleted. */
export const rollbackStack: Action = {
  members: ['StackName', 'ClientRequestToken'],
  run(form, { store, engine }) {
    const stack = store.get(requireText(form, 'StackName'));
    const token = readText(form, 'ClientRequestToken');
    checkStatus(stack, ['CREATE_FAILED', 'UPDATE_FAILED']);
    if (hasStableState(stack)) void engine.rollBack(stack, { token, type: 'ROLLBACK', skip: [] });
    else void engine.delete(stack, { token, retain: [] });
    return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
  },
};

/** After a rollback that has failed. */
export const continueUpdateRollback: Action = {
  members: ['StackName', 'ClientRequestToken', 'ResourcesToSkip'],
  run(form, { store, engine }) {
    const stack = store.get(requireText(form, 'StackName'));
    checkStatus(stack, ['UPDATE_ROLLBACK_FAILED']);
    const skip = readTexts(form, 'ResourcesToSkip') ?? [];
    const wrong = skip.filter((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
    if (wrong.length > 0)
      throw validationError(`Resources [${wrong.join(', ')}] are not in UPDATE_FAILED state`);
    const token = readText(form, 'ClientRequestToken');
    void engine.rollBack(stack, { token, type: 'CONTINUE_ROLLBACK', skip });
    return {};
  },
};

function checkStatus({ id, status }: Stack, allowed: readonly string[]): void {
  if (!allowed.includes(status))
    throw validationError(`Stack:${id} is in ${status} state and can not be rolled back.`);
}

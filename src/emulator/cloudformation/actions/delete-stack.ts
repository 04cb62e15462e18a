import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readText, readTexts, requireText } from './form-members.ts';

/** A stack that is gone, or going, is no error. One that is being created is broken off. */
export const deleteStack: Action = {
  members: ['StackName', 'RetainResources', 'ClientRequestToken', 'RoleARN'],
  run(form, { store, engine }) {
    const stack = store.find(requireText(form, 'StackName'));
    if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS')
      return undefined;
    const { id, name, status } = stack;
    if (stack.terminationProtection)
      throw validationError(
        `Stack [${name}] cannot be deleted while TerminationProtection is enabled`,
      );
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
    if (unknown.length > 0)
      throw validationError(`Resources to retain [${unknown.join(', ')}] are not in the stack`);
    stack.roleArn = readText(form, 'RoleARN') ?? stack.roleArn;
    void engine.delete(stack, { token: readText(form, 'ClientRequestToken'), retain });
    return undefined;
  },
};

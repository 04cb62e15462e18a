import type { Action } from './action.ts';
import { readFlag, requireText } from './form-members.ts';

/** A protected stack refuses to be deleted. */
export const updateTerminationProtection: Action = {
  members: ['StackName', 'EnableTerminationProtection'],
  run(form, { store }) {
    const stack = store.get(requireText(form, 'StackName'));
    stack.terminationProtection = readFlag(form, 'EnableTerminationProtection') ?? false;
    return { StackId: stack.id };
  },
};

import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { requireText } from './form-members.ts';

export const listChangeSets: Action = {
  members: ['StackName'],
  run(form, { store }) {
    const name = requireText(form, 'StackName');
    const stack = store.find(name);
    if (!stack) throw validationError(`Stack [${name}] does not exist`);
    return {
      Summaries: [...stack.changeSets.values()].map((changeSet) => ({
        StackId: stack.id,
        StackName: stack.name,
        ChangeSetId: changeSet.id,
        ChangeSetName: changeSet.name,
        ExecutionStatus: changeSet.executionStatus,
        Status: changeSet.status,
        StatusReason: changeSet.statusReason,
        CreationTime: changeSet.creationTime,
        Description: changeSet.description,
        IncludeNestedStacks: false,
      })),
    };
  },
};

import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readChoice, readText } from './form-members.ts';

/** The text as it was given. Both stages are the same, as there are no transforms. */
export const getTemplate: Action = {
  members: ['StackName', 'ChangeSetName', 'TemplateStage'],
  run(form, { store }) {
    readChoice(form, 'TemplateStage', ['Original', 'Processed']);
    const stackName = readText(form, 'StackName');
    const changeSetName = readText(form, 'ChangeSetName');
    const definition =
      changeSetName === undefined
        ? store.get(stackName ?? '').definition
        : store.getChangeSet(changeSetName, stackName).changeSet.definition;
    if (!definition) throw validationError(`Stack ${stackName ?? ''} has no template yet`);
    return {
      TemplateBody: definition.template.body,
      StagesAvailable: ['Original', 'Processed'],
    };
  },
};

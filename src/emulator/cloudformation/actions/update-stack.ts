import { hasChanges } from '../engine/has-changes.ts';
import { foreseeChanges } from '../engine/resource-changes.ts';
import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readFlag, readText, requireText } from './form-members.ts';
import { readDeployment } from './read-deployment.ts';
import {
  checkUpdatable,
  DEFINITION_MEMBERS,
  readDefinition,
  rollbackDisabled,
} from './stack-request.ts';

export const updateStack: Action = {
  members: [
    ...DEFINITION_MEMBERS,
    'ClientRequestToken',
    'DeploymentConfig',
    'DisableRollback',
    'UsePreviousTemplate',
  ],
  run(form, context) {
    const { store, engine } = context;
    const name = requireText(form, 'StackName');
    const stack = store.find(name);
    if (!stack || stack.status === 'DELETE_COMPLETE')
      throw validationError(`Stack [${name}] does not exist`);
    const deployment = readDeployment(form);
    const disableRollback =
      readFlag(form, 'DisableRollback') ?? rollbackDisabled(deployment, context.options);
    checkUpdatable(stack, disableRollback);
    const definition = readDefinition(form, context, stack);
    const changes = foreseeChanges(stack, definition, context.providers);
    if (!hasChanges(stack, definition, changes))
      throw validationError('No updates are to be performed.');
    stack.changeSets.clear();
    stack.changeSetId = undefined;
    void engine.update(stack, definition, {
      token: readText(form, 'ClientRequestToken'),
      disableRollback,
      deployment,
    });
    return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
  },
};

import { AwsError } from '../../kernel/aws-error.ts';
import { foreseeChanges } from '../engine/resource-changes.ts';
import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readChoice, readFlag, readText, requireText } from './form-members.ts';
import { readDeployment } from './read-deployment.ts';
import {
  checkName,
  DEFINITION_MEMBERS,
  readDefinition,
  rollbackDisabled,
} from './stack-request.ts';

export const createStack: Action = {
  members: [
    ...DEFINITION_MEMBERS,
    'ClientRequestToken',
    'DeploymentConfig',
    'DisableRollback',
    'EnableTerminationProtection',
    'OnFailure',
  ],
  run(form, context) {
    const { store, engine } = context;
    const name = requireText(form, 'StackName');
    checkName(name, 'stackName', context.limits);
    if (store.find(name))
      throw new AwsError('AlreadyExistsException', 400, `Stack [${name}] already exists`);
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
      onFailure:
        onFailure ??
        ((disableRollback ?? rollbackDisabled(deployment, context.options))
          ? 'DO_NOTHING'
          : 'ROLLBACK'),
      deployment,
    });
    return { StackId: stack.id, OperationId: stack.operations.at(-1)?.id };
  },
};

import { AwsError } from '../../aws-error.ts';
import type { Form } from '../../protocols/query.ts';
import type { ChangeSet } from '../change-set.ts';
import { hasChanges } from '../has-changes.ts';
import { foreseeChanges } from '../resource-changes.ts';
import type { Stack } from '../stack.ts';
import { validationError } from '../validation-error.ts';
import type { Action, ActionContext } from './action.ts';
import { readChoice, readText, requireText } from './form-members.ts';
import { checkName, checkUpdatable, DEFINITION_MEMBERS, readDefinition } from './stack-request.ts';

/** What AWS says of a change set that would change nothing. */
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** A change set of type CREATE leaves a stack without resources behind, in status REVIEW_IN_PROGRESS. */
export const createChangeSet: Action = {
  members: [
    ...DEFINITION_MEMBERS,
    'ChangeSetName',
    'ChangeSetType',
    'ClientToken',
    'Description',
    'OnStackFailure',
    'UsePreviousTemplate',
  ],
  run(form, context) {
    const { store, engine } = context;
    const name = requireText(form, 'ChangeSetName');
    checkName(name, 'changeSetName', context.limits);
    const type = readChoice(form, 'ChangeSetType', ['CREATE', 'UPDATE'] as const) ?? 'UPDATE';
    const onStackFailure = readChoice(form, 'OnStackFailure', [
      'DELETE',
      'DO_NOTHING',
      'ROLLBACK',
    ] as const);
    if (onStackFailure === 'DELETE' && type !== 'CREATE')
      throw validationError('OnStackFailure DELETE is for change sets of type CREATE alone.');
    const stack = type === 'CREATE' ? newStack(form, name, context) : stackToUpdate(form, context);
    if (stack.changeSets.has(name))
      throw new AwsError('AlreadyExistsException', 400, `ChangeSet ${name} already exists`);
    const definition = readDefinition(form, context, stack);
    const changes = foreseeChanges(stack, definition, context.providers);

    if (!store.find(stack.id)) {
      store.add(stack);
      store.reportStack(
        stack,
        'REVIEW_IN_PROGRESS',
        'User Initiated',
        readText(form, 'ClientToken'),
      );
    }
    const changeSet: ChangeSet = {
      id: store.changeSetId(name),
      name,
      type,
      definition,
      changes,
      onStackFailure,
      description: readText(form, 'Description'),
      creationTime: store.now(),
      status: 'CREATE_IN_PROGRESS',
      statusReason: undefined,
      executionStatus: 'UNAVAILABLE',
    };
    stack.changeSets.set(name, changeSet);
    const isEmpty = !hasChanges(stack, definition, changes);
    engine.later(() => {
      if (isEmpty) Object.assign(changeSet, { status: 'FAILED', statusReason: NO_CHANGES });
      else Object.assign(changeSet, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' });
    });
    return { Id: changeSet.id, StackId: stack.id };
  },
};

function newStack(form: Form, changeSetName: string, { store, limits }: ActionContext): Stack {
  const name = requireText(form, 'StackName');
  const stack = store.find(name);
  if (stack?.status === 'REVIEW_IN_PROGRESS') return stack;
  if (stack) {
    throw validationError(
      `Stack [${name}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
    );
  }
  checkName(name, 'stackName', limits);
  return store.make(name);
}

function stackToUpdate(form: Form, { store }: ActionContext): Stack {
  const name = requireText(form, 'StackName');
  const stack = store.find(name);
  if (!stack) throw validationError(`Stack [${name}] does not exist`);
  checkUpdatable(stack);
  return stack;
}

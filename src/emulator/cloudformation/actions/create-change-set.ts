import { AwsError, validationError } from '../../kernel/aws-error.ts';
import type { Form } from '../../protocols/query.ts';
import type { ChangeSet, ResourceChange, Stack } from '../engine/stack.ts';
import { foreseeChanges, hasChanges } from '../engine/resource-changes.ts';
import type { CloudFormationOptions, ValidationFinding } from '../options.ts';
import { type ActionContext, type Actions, readChoice, readDeployment, readText, requireText } from './action.ts';
import { checkName, checkUpdatable, DEFINITION_MEMBERS, readDefinition, requireStack } from './stack-request.ts';

/** AWS's reason for failing a change set without changes. */
const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

const HOOK_OF_VALIDATION: Readonly<Record<ValidationFinding['name'], string>> = {
  NAME_CONFLICT_VALIDATION: 'AWS::EarlyValidation::ResourceExistenceCheck',
  PROPERTY_VALIDATION: 'AWS::EarlyValidation::PropertyValidation',
};

export const createChangeSetAction: Actions = {
  /** A change set of type CREATE also creates its stack, in status REVIEW_IN_PROGRESS and without resources. */
  CreateChangeSet: {
    members: `${DEFINITION_MEMBERS} ChangeSetName ChangeSetType ClientToken DeploymentConfig Description OnStackFailure UsePreviousTemplate`,
    run(form, context) {
      const { store, engine } = context;
      const name = requireText(form, 'ChangeSetName');
      checkName(name, 'changeSetName', context.limits);
      const type = readChoice(form, 'ChangeSetType', ['CREATE', 'UPDATE'] as const) ?? 'UPDATE';
      const onStackFailure = readChoice(form, 'OnStackFailure', ['DELETE', 'DO_NOTHING', 'ROLLBACK'] as const);
      if (onStackFailure === 'DELETE' && type !== 'CREATE')
        throw validationError('OnStackFailure DELETE is for change sets of type CREATE alone.');
      const stack = type === 'CREATE' ? newStack(form, name, context) : stackToUpdate(form, context);
      const token = readText(form, 'ClientToken');
      const same = stack.changeSets.get(name);
      // API reference, ClientToken: repeating a request does not create a second change set.
      if (same && token !== undefined && same.clientToken === token) return { Id: same.id, StackId: stack.id };
      if (same) throw new AwsError('AlreadyExistsException', 400, `ChangeSet ${name} already exists`);
      const deployment = readDeployment(form);
      const definition = readDefinition(form, context, stack);
      const changes = foreseeChanges(stack, definition, context.providers);
      const findings = validate(changes, context.options);

      if (!store.find(stack.id)) {
        store.add(stack);
        store.reportStack(stack, 'REVIEW_IN_PROGRESS', 'User Initiated', token);
      }
      const changeSet: ChangeSet = {
        id: store.changeSetId(name),
        name,
        clientToken: token,
        executionToken: undefined,
        type,
        definition,
        changes,
        onStackFailure,
        deployment,
        operationId: store.begin(stack, 'CREATE_CHANGESET'),
        findings,
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
        else if (findings.size > 0) Object.assign(changeSet, { status: 'FAILED', statusReason: invalidReason(findings) });
        else Object.assign(changeSet, { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' });
      });
      return { Id: changeSet.id, StackId: stack.id };
    },
  },
};

function newStack(form: Form, changeSetName: string, { store, limits }: ActionContext): Stack {
  const name = requireText(form, 'StackName');
  const stack = store.find(name);
  if (stack?.status === 'REVIEW_IN_PROGRESS') return stack;
  if (stack) {
    throw validationError(`Stack [${name}] already exists and cannot be created again with the changeSet [${changeSetName}].`);
  }
  checkName(name, 'stackName', limits);
  return store.make(name);
}

/** Findings of early validation in resources that would be added or changed, by logical id: the option `failValidation` says which. */
function validate(
  changes: readonly ResourceChange[],
  { failValidation = {} }: CloudFormationOptions,
): ReadonlyMap<string, ValidationFinding> {
  return new Map(
    changes.flatMap(({ action, logicalId }) => {
      const finding = action === 'Remove' ? undefined : failValidation[logicalId];
      return finding ? [[logicalId, finding] as const] : [];
    }),
  );
}

/** AWS's words, as users report them. */
function invalidReason(findings: ReadonlyMap<string, ValidationFinding>): string {
  const names = new Set([...findings.values()].map(({ name }) => HOOK_OF_VALIDATION[name]));
  return `The following hook(s)/validation failed: [${[...names].join(', ')}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.`;
}

function stackToUpdate(form: Form, { store }: ActionContext): Stack {
  const stack = requireStack(store, requireText(form, 'StackName'));
  // Rollback is disabled, or not, by the request that executes the change set.
  checkUpdatable(stack, true);
  return stack;
}

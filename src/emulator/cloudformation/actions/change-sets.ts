import { AwsError, errorType, validationError } from '../../kernel/aws-error.ts';
import type { Form } from '../../protocols/query.ts';
import type { ChangeSet, ResourceChange, Stack } from '../engine/stack.ts';
import { foreseeChanges, hasChanges } from '../engine/resource-changes.ts';
import type { CloudFormationOptions, ValidationFinding } from '../options.ts';
import { type ActionContext, type Actions, readChoice, readDeployment, readFlag, readText, requireText } from './action.ts';
import {
  checkName,
  checkUpdatable,
  DEFINITION_MEMBERS,
  readDefinition,
  requireStack,
  rollbackDisabled,
} from './stack-request.ts';

/** AWS's reason for failing a change set without changes. */
const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

const invalidStatus = errorType('InvalidChangeSetStatus', 400);

const HOOK_OF_VALIDATION: Readonly<Record<ValidationFinding['name'], string>> = {
  NAME_CONFLICT_VALIDATION: 'AWS::EarlyValidation::ResourceExistenceCheck',
  PROPERTY_VALIDATION: 'AWS::EarlyValidation::PropertyValidation',
};

export const changeSetActions: Actions = {
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
      const stack = type === 'CREATE' ? newStack(form, name, context) : requireStack(store, requireText(form, 'StackName'));
      // Rollback is disabled, or not, by the request that executes the change set.
      if (type === 'UPDATE') checkUpdatable(stack, true);
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
        creationTime: new Date(),
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
  /** Deletes the other change sets of the stack: they were created for its earlier state. */
  ExecuteChangeSet: {
    members: 'ChangeSetName StackName ClientRequestToken DisableRollback',
    run(form, { store, engine, options }) {
      const { stack, changeSet } = store.getChangeSet(requireText(form, 'ChangeSetName'), readText(form, 'StackName'));
      const { id, name, type, status, executionStatus, definition, onStackFailure, deployment } = changeSet;
      const token = readText(form, 'ClientRequestToken');
      const disableRollback = readFlag(form, 'DisableRollback');
      if (disableRollback !== undefined && onStackFailure !== undefined)
        throw validationError('DisableRollback cannot be given for a change set that has OnStackFailure.');
      if (token !== undefined && changeSet.executionToken === token) return {};
      if (executionStatus !== 'AVAILABLE') {
        const current = status === 'CREATE_COMPLETE' ? executionStatus : status;
        throw invalidStatus(`ChangeSet [${id}] cannot be executed in its current status of [${current}]`);
      }
      const leavesFailures = onStackFailure === 'DO_NOTHING' || (disableRollback ?? rollbackDisabled(deployment, options));
      if (type === 'UPDATE') checkUpdatable(stack, leavesFailures);

      changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
      changeSet.executionToken = token;
      stack.changeSetId = id;
      for (const other of stack.changeSets.keys()) if (other !== name) stack.changeSets.delete(other);
      const onFailure = onStackFailure ?? (leavesFailures ? 'DO_NOTHING' : 'ROLLBACK');
      const end =
        type === 'CREATE'
          ? engine.create(stack, definition, { token, onFailure, deployment })
          : engine.update(stack, definition, { token, disableRollback: onFailure === 'DO_NOTHING', deployment });
      void end.then(() => {
        const isDone = stack.status === `${type}_COMPLETE`;
        changeSet.executionStatus = isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
      });
      return {};
    },
  },
  /** Succeeds for a change set that does not exist, and fails for a stack that does not exist. */
  DeleteChangeSet: {
    members: 'ChangeSetName StackName',
    run(form, { store }) {
      try {
        const { stack, changeSet } = store.getChangeSet(requireText(form, 'ChangeSetName'), readText(form, 'StackName'));
        const { id, name, executionStatus } = changeSet;
        if (executionStatus === 'EXECUTE_IN_PROGRESS')
          throw invalidStatus(`ChangeSet [${id}] cannot be deleted in its current status of [EXECUTE_IN_PROGRESS]`);
        stack.changeSets.delete(name);
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'ChangeSetNotFound')) throw error;
      }
      return {};
    },
  },
};

function newStack(form: Form, changeSetName: string, { store, limits }: ActionContext): Stack {
  const name = requireText(form, 'StackName');
  const stack = store.find(name);
  if (stack?.status === 'REVIEW_IN_PROGRESS') return stack;
  if (stack)
    throw validationError(`Stack [${name}] already exists and cannot be created again with the changeSet [${changeSetName}].`);
  checkName(name, 'stackName', limits);
  return store.make(name);
}

/** Findings of early validation in resources that would be added or changed, by logical id: the option `failValidation` says which. */
function validate(changes: readonly ResourceChange[], { failValidation = {} }: CloudFormationOptions) {
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

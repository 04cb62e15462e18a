import type { XmlValue } from '../../protocols/query.ts';
import type { ChangeSet, ResourceChange, Stack } from '../engine/stack.ts';
import type { PropertyChange } from '../engine/property-changes.ts';
import { type Actions, readFlag, readText, requireText } from './action.ts';
import { viewDeployment, viewParameters, viewTags } from './describe-stacks.ts';
import { requireStack } from './stack-request.ts';

export const describeChangeSetActions: Actions = {
  DescribeChangeSet: {
    members: 'ChangeSetName StackName IncludePropertyValues',
    run(form, { store }) {
      const { stack, changeSet } = store.getChangeSet(requireText(form, 'ChangeSetName'), readText(form, 'StackName'));
      const withValues = readFlag(form, 'IncludePropertyValues') ?? false;
      const { definition } = changeSet;
      return {
        ...viewSummary(stack, changeSet),
        Parameters: viewParameters(definition.parameters),
        NotificationARNs: definition.notificationArns,
        RollbackConfiguration: {},
        Capabilities: definition.capabilities,
        Tags: viewTags(definition.tags),
        Changes: changeSet.status === 'CREATE_COMPLETE' ? changeSet.changes.map((change) => viewChange(change, withValues)) : [],
        OnStackFailure: changeSet.onStackFailure,
        DeploymentConfig: viewDeployment(changeSet.deployment.mode, changeSet.deployment.disableRollback),
      };
    },
  },
  ListChangeSets: {
    members: 'StackName',
    run(form, { store }) {
      const stack = requireStack(store, requireText(form, 'StackName'));
      return { Summaries: [...stack.changeSets.values()].map((each) => viewSummary(stack, each)) };
    },
  },
};

function viewChange(change: ResourceChange, withValues: boolean): XmlValue {
  const context = (value: ResourceChange['before']) => (withValues && value !== undefined ? JSON.stringify(value) : undefined);
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: change.scope,
      Details: [
        ...change.details.map((detail) => viewDetail(detail, withValues)),
        ...change.attributes.map((attribute) => ({
          Target: { Attribute: attribute, RequiresRecreation: 'Never' },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        })),
      ],
      BeforeContext: context(change.before),
      AfterContext: context(change.after),
    },
  };
}

function viewDetail(detail: PropertyChange, withValues: boolean): XmlValue {
  const { name, before, after } = detail;
  const text = (value: PropertyChange['before']) => (typeof value === 'object' ? JSON.stringify(value) : value?.toString());
  const added = before === undefined ? 'Add' : 'Modify';
  const values = {
    Path: `/Properties/${name}`,
    BeforeValue: text(before),
    AfterValue: text(after),
    AttributeChangeType: after === undefined ? 'Remove' : added,
  };
  return {
    Target: { Attribute: 'Properties', Name: name, RequiresRecreation: detail.requiresRecreation, ...(withValues ? values : {}) },
    Evaluation: detail.evaluation,
    ChangeSource: detail.changeSource,
    CausingEntity: detail.causingEntity,
  };
}

/** The common members of a change set and of its summary. */
function viewSummary(stack: Stack, changeSet: ChangeSet): { readonly [name: string]: XmlValue } {
  return {
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
  };
}

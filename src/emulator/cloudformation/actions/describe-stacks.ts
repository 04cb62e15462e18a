import type { XmlValue } from '../../protocols/query.ts';
import type { Tag } from '../engine/stack-definition.ts';
import type { DeploymentMode, Stack, StackEvent, StackResource } from '../engine/stack.ts';
import { type ParameterValue, shownText } from '../template/parameters.ts';
import { validationError } from '../../kernel/aws-error.ts';
import { type Actions, readText, readTexts, requireText } from './action.ts';

/** Operations that DescribeStacks shows. AWS documents no number. */
const LAST_OPERATIONS = 5;

export const describeStackActions: Actions = {
  /** Without a name: all stacks that are not deleted, newest first. A deleted stack is found by its ARN. */
  DescribeStacks: {
    members: 'StackName',
    run(form, { store }) {
      const name = readText(form, 'StackName');
      const stacks = name
        ? [store.get(name)]
        : store
            .all()
            .filter(({ status }) => status !== 'DELETE_COMPLETE')
            .toReversed();
      return {
        Stacks: stacks.map((stack) =>
          viewStack(
            stack,
            store.visibleEvents(stack).findLast(({ logicalId }) => logicalId === stack.name),
          ),
        ),
      };
    },
  },
  /** Includes deleted stacks, newest first. */
  ListStacks: {
    members: 'StackStatusFilter',
    run(form, { store }) {
      const filter = readTexts(form, 'StackStatusFilter') ?? [];
      const stacks = store.all().filter(({ status }) => filter.length === 0 || filter.includes(status));
      return { StackSummaries: stacks.toReversed().map(viewStackSummary) };
    },
  },
  DescribeStackResources: {
    members: 'StackName LogicalResourceId PhysicalResourceId',
    run(form, { store }) {
      const physicalId = readText(form, 'PhysicalResourceId');
      const name = readText(form, 'StackName');
      if ((physicalId === undefined) === (name === undefined))
        throw validationError('Either StackName or PhysicalResourceId must be specified');
      const holder = store
        .all()
        .findLast(({ resources }) => [...resources.values()].some(({ physical }) => physical?.physicalId === physicalId));
      if (name === undefined && !holder) throw validationError(`Stack for ${physicalId ?? ''} does not exist`);
      const stack = name === undefined ? holder : store.get(name);
      const logicalId = readText(form, 'LogicalResourceId');
      const resources = [...(stack?.resources.values() ?? [])].filter(
        (resource) => logicalId === undefined || resource.logicalId === logicalId,
      );
      return {
        StackResources: resources.map((resource) => ({
          StackName: stack?.name,
          StackId: stack?.id,
          ...viewResource(resource, 'Timestamp'),
        })),
      };
    },
  },
  DescribeStackResource: {
    members: 'StackName LogicalResourceId',
    run(form, { store }) {
      const stack = store.get(requireText(form, 'StackName'));
      const logicalId = requireText(form, 'LogicalResourceId');
      const resource = stack.resources.get(logicalId);
      if (!resource) throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`);
      return {
        StackResourceDetail: {
          StackName: stack.name,
          StackId: stack.id,
          ...viewResource(resource, 'LastUpdatedTimestamp'),
          Metadata: JSON.stringify(resource.physical?.definition.metadata ?? {}),
        },
      };
    },
  },
  ListStackResources: {
    members: 'StackName',
    run(form, { store }) {
      const stack = store.get(requireText(form, 'StackName'));
      return {
        StackResourceSummaries: [...stack.resources.values()].map((resource) => viewResource(resource, 'LastUpdatedTimestamp')),
      };
    },
  },
};

/** API reference, Stack. @param seen the event with the status: an earlier one when reads lag behind (`readLagMs`) */
function viewStack(stack: Stack, seen: StackEvent | undefined): XmlValue {
  const { definition, deployment } = stack;
  return {
    ...viewCommon(stack),
    ChangeSetId: stack.changeSetId,
    Description: definition?.template.description,
    Parameters: viewParameters(definition?.parameters ?? new Map()),
    RollbackConfiguration: {},
    StackStatus: seen?.status ?? stack.status,
    StackStatusReason: seen ? seen.reason : stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: definition?.notificationArns ?? [],
    Capabilities: definition?.capabilities ?? [],
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
    })),
    RoleARN: definition?.roleArn,
    Tags: viewTags(definition?.tags ?? []),
    EnableTerminationProtection: stack.terminationProtection,
    DeploymentConfig: viewDeployment(deployment.mode, stack.disableRollback),
    LastOperations: stack.operations
      .slice(-LAST_OPERATIONS)
      .toReversed()
      .map(({ type, id }) => ({ OperationType: type, OperationId: id })),
  };
}

/** API reference, StackSummary. */
function viewStackSummary(stack: Stack): XmlValue {
  return {
    ...viewCommon(stack),
    TemplateDescription: stack.definition?.template.description,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
  };
}

/** The common members of Stack and StackSummary. The emulator has no drift detection. */
function viewCommon(stack: Stack): { readonly [name: string]: XmlValue } {
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function viewParameters(parameters: ReadonlyMap<string, ParameterValue>): XmlValue {
  return [...parameters].map(([key, parameter]) => ({ ParameterKey: key, ParameterValue: shownText(parameter) }));
}

/** The standard mode is not shown. */
export function viewDeployment(mode: DeploymentMode['mode'], disableRollback: boolean | undefined): XmlValue {
  return mode === 'EXPRESS' ? { Mode: mode, DisableRollback: disableRollback } : undefined;
}

export function viewTags(tags: readonly Tag[]): XmlValue {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** The common members of StackResource, StackResourceDetail and StackResourceSummary; the time has two names. */
function viewResource(resource: StackResource, timeName: 'Timestamp' | 'LastUpdatedTimestamp') {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physical?.physicalId,
    ResourceType: resource.type,
    [timeName]: resource.timestamp,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    // The emulator has no drift detection.
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

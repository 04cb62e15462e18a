import type { XmlValue } from '../../protocols/query.ts';
import { shownText, type ParameterValue } from '../parameters.ts';
import type { Stack, StackResource, Tag } from '../stack.ts';

/** Nothing here is ever compared with what exists. */
const NO_DRIFT = { StackDriftStatus: 'NOT_CHECKED' };
const NO_RESOURCE_DRIFT = { StackResourceDriftStatus: 'NOT_CHECKED' };

/** API reference, Stack. */
export function viewStack(stack: Stack): XmlValue {
  const { definition } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: definition?.template.description,
    Parameters: viewParameters(definition?.parameters ?? new Map()),
    CreationTime: stack.creationTime,
    DeletionTime: stack.deletionTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
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
    EnableTerminationProtection: false,
    DriftInformation: NO_DRIFT,
  };
}

/** API reference, StackSummary. */
export function viewStackSummary(stack: Stack): XmlValue {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.definition?.template.description,
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: NO_DRIFT,
  };
}

/** What StackResource, StackResourceDetail and StackResourceSummary have in common but for the name of the time. */
export function viewResource(
  resource: StackResource,
  timeName: 'Timestamp' | 'LastUpdatedTimestamp',
): { readonly [name: string]: XmlValue } {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physical?.physicalId,
    ResourceType: resource.type,
    [timeName]: resource.timestamp,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: NO_RESOURCE_DRIFT,
  };
}

export function viewParameters(parameters: ReadonlyMap<string, ParameterValue>): XmlValue {
  return [...parameters].map(([key, parameter]) => ({
    ParameterKey: key,
    ParameterValue: shownText(parameter),
  }));
}

export function viewTags(tags: readonly Tag[]): XmlValue {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

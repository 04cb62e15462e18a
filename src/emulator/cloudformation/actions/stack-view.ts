import type { XmlValue } from '../../protocols/query.ts';
import { shownText, type ParameterValue } from '../template/parameters.ts';
import type { Stack, StackEvent, StackResource, Tag } from '../engine/stack.ts';

/** Nothing here is ever compared with what exists. */
const NO_DRIFT = { StackDriftStatus: 'NOT_CHECKED' };
const NO_RESOURCE_DRIFT = { StackResourceDriftStatus: 'NOT_CHECKED' };

/** How many of them AWS shows is not documented. */
const LAST_OPERATIONS = 5;

/**
 * API reference, Stack.
 * @param seen the stack's own event that tells its status: an earlier one for a reader who is late
 */
export function viewStack(
  stack: Stack,
  seen: Pick<StackEvent, 'status' | 'reason'> = {
    status: stack.status,
    reason: stack.statusReason,
  },
): XmlValue {
  const { definition, deployment } = stack;
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
    StackStatus: seen.status,
    StackStatusReason: seen.reason,
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
    DeploymentConfig:
      deployment.mode === 'EXPRESS'
        ? { Mode: deployment.mode, DisableRollback: stack.disableRollback }
        : undefined,
    LastOperations: stack.operations
      .slice(-LAST_OPERATIONS)
      .toReversed()
      .map(({ type, id }) => ({ OperationType: type, OperationId: id })),
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

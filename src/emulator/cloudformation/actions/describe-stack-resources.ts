import type { XmlValue } from '../../protocols/query.ts';
import type { StackResource } from '../engine/stack.ts';
import { validationError } from '../../kernel/aws-error.ts';
import { type Actions, readText, requireText } from './action.ts';

export const resourceActions: Actions = {
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

/** The common members of StackResource, StackResourceDetail and StackResourceSummary; the time has two names. */
function viewResource(
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
    // The emulator has no drift detection.
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

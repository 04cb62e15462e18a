import { generatePhysicalName } from '../kernel/physical-name.ts';
import { arn } from '../kernel/place.ts';
import { readString, requireString } from '../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type ResourceActions,
  type ResourceStep,
} from '../kernel/resource-provider.ts';

/** Of AWS::Logs::LogGroup. DescribeLogGroups is asked for all groups, as a list is. */
export const LOG_GROUP_ACTIONS: ResourceActions = {
  create: (step) => [
    ...describe(step),
    ...actionsOn(
      groupArn(step),
      'logs:CreateLogGroup',
      'logs:TagResource',
      ...(step.properties['RetentionInDays'] === undefined ? [] : ['logs:PutRetentionPolicy']),
    ),
  ],
  update: (step) => [
    ...describe(step),
    ...(isChanged(step, 'RetentionInDays') ? actionsOn(groupArn(step), retention(step)) : []),
    ...(isChanged(step, 'Tags') ? tag(step) : []),
  ],
  delete: (step) => [...describe(step), ...actionsOn(groupArn(step), 'logs:DeleteLogGroup')],
  tag,
};

/** Of AWS::Logs::MetricFilter. */
export const METRIC_FILTER_ACTIONS: ResourceActions = {
  create: putFilter,
  update: putFilter,
  delete: (step) => actionsOn(filteredGroup(step), 'logs:DeleteMetricFilter'),
};

function putFilter(step: ResourceStep) {
  return actionsOn(filteredGroup(step), 'logs:PutMetricFilter', 'logs:DescribeMetricFilters');
}

function describe({ context }: ResourceStep) {
  return actionsOn(arn(context, 'logs', 'log-group:*'), 'logs:DescribeLogGroups');
}

function retention({ properties }: ResourceStep): string {
  return properties['RetentionInDays'] === undefined
    ? 'logs:DeleteRetentionPolicy'
    : 'logs:PutRetentionPolicy';
}

function tag(step: ResourceStep) {
  return actionsOn(groupArn(step), 'logs:TagResource', 'logs:UntagResource');
}

function groupArn({ physicalId, properties, context }: ResourceStep): string {
  const given = physicalId ?? readString(properties, 'LogGroupName');
  return arn(context, 'logs', `log-group:${given ?? generatePhysicalName(context, 512)}`);
}

function filteredGroup({ properties, context }: ResourceStep): string {
  return arn(context, 'logs', `log-group:${requireString(properties, 'LogGroupName')}`);
}

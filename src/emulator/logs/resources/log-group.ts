import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type Properties,
  type ResourceContext,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { type LogGroups, putLogGroup } from '../store.ts';

/** Retention periods that CloudWatch Logs takes (API reference of PutRetentionPolicy). */
const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** AWS::Logs::LogGroup. `Arn` ends with `:*`, as CloudFormation returns it. */
export function logGroupProvider(logGroups: LogGroups): ResourceProvider {
  const put = (name: string, properties: Properties, context: ResourceContext) => {
    const retentionInDays = read.number(properties, 'RetentionInDays');
    if (retentionInDays !== undefined && !RETENTION_DAYS.has(retentionInDays)) {
      throw new AwsError('InvalidParameterException', 400, `Invalid retention policy value: ${retentionInDays} days`);
    }
    putLogGroup(logGroups, name, retentionInDays);
    return { physicalId: name, attributes: { Arn: arn(context, 'logs', `log-group:${name}:*`) } };
  };
  return {
    type: 'AWS::Logs::LogGroup',
    createOnly: 'LogGroupName',
    mutable: 'RetentionInDays Tags',
    required: [],
    actions: {
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
    },
    async create(properties, context) {
      const name = resourceName({ properties, context }, 'LogGroupName', 512);
      if (logGroups.has(name)) {
        throw new AwsError(
          'ResourceAlreadyExistsException',
          400,
          `Resource of type 'AWS::Logs::LogGroup' with identifier '${name}' already exists.`,
        );
      }
      return put(name, properties, context);
    },
    update: async (physicalId, properties, _previous, context) => put(physicalId, properties, context),
    delete: async (physicalId) => void logGroups.delete(physicalId),
  };
}

/** DescribeLogGroups is a list: its resource is every group. */
function describe({ context }: ResourceStep) {
  return actionsOn(arn(context, 'logs', 'log-group:*'), 'logs:DescribeLogGroups');
}

function retention({ properties }: ResourceStep): string {
  return properties['RetentionInDays'] === undefined ? 'logs:DeleteRetentionPolicy' : 'logs:PutRetentionPolicy';
}

function tag(step: ResourceStep) {
  return actionsOn(groupArn(step), 'logs:TagResource', 'logs:UntagResource');
}

function groupArn(step: ResourceStep): string {
  return arn(step.context, 'logs', `log-group:${resourceName(step, 'LogGroupName', 512)}`);
}

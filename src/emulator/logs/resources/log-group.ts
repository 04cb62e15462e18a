import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  actionsOn,
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
    actions: handlerActions('AWS::Logs::LogGroup', {
      on: groupArn,
      // A list: the service authorization reference gives it no resource type.
      at: {
        'logs:DescribeLogGroups': (_, action) => actionsOn('*', action),
        'logs:PutRetentionPolicy': (step, action) => (hasRetention(step) ? actionsOn(groupArn(step), action) : []),
        'logs:DeleteRetentionPolicy': (step, action) => (hasRetention(step) ? [] : actionsOn(groupArn(step), action)),
      },
      when: {
        'logs:PutRetentionPolicy': 'RetentionInDays',
        'logs:DeleteRetentionPolicy': 'RetentionInDays',
      },
      reads: 'logs:GetDataProtectionPolicy',
      // Encryption, data protection and delivery: properties that are refused here.
      unset:
        'logs:AssociateKmsKey logs:CreateLogDelivery logs:DeleteDataProtectionPolicy logs:DescribeResourcePolicies ' +
        'logs:DisassociateKmsKey logs:PutDataProtectionPolicy logs:PutResourcePolicy',
    }),
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

function hasRetention({ properties }: ResourceStep): boolean {
  return properties['RetentionInDays'] !== undefined;
}

function groupArn(step: ResourceStep): string {
  return arn(step.context, 'logs', `log-group:${resourceName(step, 'LogGroupName', 512)}`);
}

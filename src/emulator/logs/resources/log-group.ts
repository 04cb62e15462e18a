import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import { read, resourceName } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import { invalidParameter, type LogGroups, putLogGroup } from '../store.ts';

/** Retention periods that CloudWatch Logs takes (API reference of PutRetentionPolicy). */
const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** AWS::Logs::LogGroup. `Arn` ends with `:*`, as CloudFormation returns it. */
export function logGroupProvider(logGroups: LogGroups): ResourceProvider {
  const nameOf = (step: ResourceStep) => resourceName(step, 'LogGroupName', 512);
  const groupArn = (step: ResourceStep) => arn(step.context, 'logs', `log-group:${nameOf(step)}`);
  return {
    type: 'AWS::Logs::LogGroup',
    createOnly: 'LogGroupName',
    mutable: 'RetentionInDays Tags',
    actions: handlerActions('AWS::Logs::LogGroup', {
      on: groupArn,
      // A list: the service authorization reference gives it no resource type.
      at: { 'logs:DescribeLogGroups': () => ['*'] },
      when: { 'logs:PutRetentionPolicy': '+RetentionInDays', 'logs:DeleteRetentionPolicy': '-RetentionInDays' },
      reads: 'logs:GetDataProtectionPolicy',
      // Encryption, data protection and delivery: properties that are refused here.
      unset:
        'logs:AssociateKmsKey logs:CreateLogDelivery logs:DeleteDataProtectionPolicy logs:DescribeResourcePolicies ' +
        'logs:DisassociateKmsKey logs:PutDataProtectionPolicy logs:PutResourcePolicy',
    }),
    put(step) {
      const name = nameOf(step);
      if (step.physicalId === undefined && logGroups.has(name)) {
        const message = `Resource of type 'AWS::Logs::LogGroup' with identifier '${name}' already exists.`;
        throw new AwsError('ResourceAlreadyExistsException', 400, message);
      }
      const days = read.number(step.properties, 'RetentionInDays');
      if (days !== undefined && !RETENTION_DAYS.has(days)) throw invalidParameter(`Invalid retention policy value: ${days} days`);
      putLogGroup(logGroups, name, days);
      return { physicalId: name, attributes: { Arn: `${groupArn(step)}:*` } };
    },
    delete: ({ physicalId }) => void logGroups.delete(physicalId),
  };
}

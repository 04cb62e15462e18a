import { validationError } from '../../kernel/aws-error.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  type KeptResources,
  keptResourceProvider,
  type Properties,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { arn } from '../../kernel/place.ts';
import { read, resourceName } from '../../kernel/properties.ts';

const COMPARISONS = 'GreaterThanOrEqualToThreshold GreaterThanThreshold LessThanThreshold LessThanOrEqualToThreshold'.split(' ');

/** AWS::CloudWatch::Alarm. `Ref` is its name. It never goes off. */
export function alarmProvider(kept: KeptResources): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::CloudWatch::Alarm',
    createOnly: 'AlarmName',
    mutable:
      'ActionsEnabled AlarmActions AlarmDescription ComparisonOperator DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName ' +
      'Metrics Namespace OKActions Period Statistic Tags Threshold TreatMissingData Unit',
    required: 'ComparisonOperator EvaluationPeriods',
    actions: handlerActions('AWS::CloudWatch::Alarm', {
      on: alarmArn,
      // On all alarms, since the call may return composite ones (API reference, DescribeAlarms).
      at: { 'cloudwatch:DescribeAlarms': () => ['*'] },
    }),
    kept,
    describe(step) {
      check(step.properties);
      return { physicalId: resourceName(step, 'AlarmName', 255), attributes: { Arn: alarmArn(step) } };
    },
  });
}

/** Refuses what PutMetricAlarm refuses (API reference): an alarm watches one metric with one statistic, or the result of several. */
function check(properties: Properties): void {
  const comparison = read.required(properties, 'ComparisonOperator');
  if (!COMPARISONS.includes(comparison)) throw validationError(`the emulator does not know the ComparisonOperator ${comparison}`);
  const periods = read.number(properties, 'EvaluationPeriods') ?? 0;
  if (periods < 1) throw validationError('EvaluationPeriods must be greater than or equal to 1');
  if (properties['Metrics'] !== undefined) return;
  const given = (name: string) => properties[name] !== undefined;
  if (!['MetricName', 'Namespace', 'Period', 'Threshold'].every(given))
    throw validationError('an alarm needs Metrics, or MetricName, Namespace, Period and Threshold');
  if (given('Statistic') === given('ExtendedStatistic'))
    throw validationError('an alarm on one metric needs either Statistic or ExtendedStatistic');
}

function alarmArn(step: ResourceStep): string {
  return arn(step.context, 'cloudwatch', `alarm:${resourceName(step, 'AlarmName', 255)}`);
}

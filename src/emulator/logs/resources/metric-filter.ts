import { AwsError } from '../../kernel/aws-error.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  type KeptResource,
  keptResourceProvider,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read, refuseUnknown } from '../../kernel/properties.ts';
import type { LogGroups } from '../store.ts';

/** AWS::Logs::MetricFilter. `Ref` is its name. It publishes no metric, and is deleted with its group. */
export function metricFilterProvider(kept: Map<string, KeptResource>, logGroups: LogGroups): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::Logs::MetricFilter',
    createOnly: 'FilterName LogGroupName',
    mutable: 'FilterPattern MetricTransformations',
    required: ['FilterPattern', 'LogGroupName', 'MetricTransformations'],
    actions: handlerActions('AWS::Logs::MetricFilter', { on: filteredGroup }),
    kept,
    describe(properties, context, physicalId) {
      if (!logGroups.has(read.required(properties, 'LogGroupName'))) {
        throw new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.');
      }
      const [first, ...more] = read.objects(properties, 'MetricTransformations');
      if (!first || more.length > 0)
        throw new AwsError('InvalidParameterException', 400, 'one MetricTransformation is needed');
      refuseUnknown(
        first,
        'MetricTransformations',
        'DefaultValue Dimensions MetricName MetricNamespace MetricValue Unit',
      );
      for (const name of ['MetricName', 'MetricNamespace', 'MetricValue']) read.required(first, name);
      const name = resourceName({ physicalId, properties, context }, 'FilterName', 512);
      return { physicalId: name, attributes: {} };
    },
  });
}

function filteredGroup({ properties, context }: ResourceStep): string {
  return arn(context, 'logs', `log-group:${read.required(properties, 'LogGroupName')}`);
}

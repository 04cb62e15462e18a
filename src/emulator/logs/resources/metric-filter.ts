import { handlerActions } from '../../kernel/handler-actions.ts';
import { type KeptResources, keptResourceProvider, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { arn } from '../../kernel/place.ts';
import { read, refuseUnknown, resourceName } from '../../kernel/properties.ts';
import { invalidParameter, type LogGroups, noSuchGroup } from '../store.ts';

/** AWS::Logs::MetricFilter. `Ref` is its name. It publishes no metric, and is deleted with its group. */
export function metricFilterProvider(kept: KeptResources, logGroups: LogGroups): ResourceProvider {
  return keptResourceProvider({
    type: 'AWS::Logs::MetricFilter',
    createOnly: 'FilterName LogGroupName',
    mutable: 'FilterPattern MetricTransformations',
    required: 'FilterPattern LogGroupName MetricTransformations',
    actions: handlerActions('AWS::Logs::MetricFilter', {
      on: ({ properties, context }) => arn(context, 'logs', `log-group:${read.required(properties, 'LogGroupName')}`),
    }),
    kept,
    describe(step) {
      if (!logGroups.has(read.required(step.properties, 'LogGroupName'))) throw noSuchGroup();
      const [first, ...more] = read.objects(step.properties, 'MetricTransformations');
      if (!first || more.length > 0) throw invalidParameter('one MetricTransformation is needed');
      const known = 'DefaultValue Dimensions MetricName MetricNamespace MetricValue Unit';
      refuseUnknown(first, 'MetricTransformations', known);
      for (const name of ['MetricName', 'MetricNamespace', 'MetricValue']) read.required(first, name);
      return { physicalId: resourceName(step, 'FilterName', 512), attributes: {} };
    },
  });
}

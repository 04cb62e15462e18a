import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  type KeptResources,
  keptResourceProvider,
  type Properties,
  type ResourceProvider,
} from '../../kernel/resource-provider.ts';
import { arn } from '../../kernel/place.ts';
import { parseObject, read, refuseUnknown, resourceName } from '../../kernel/properties.ts';
import type { LogsLimits } from '../limits.ts';
import { compileFilterPattern } from '../log-events.ts';
import { invalidParameter, type LogEvent, type LogGroups, noSuchGroup } from '../store.ts';

/** AWS::Logs::MetricFilter. `Ref` is its name. It is deleted with its group. */
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

/**
 * The samples that a filter publishes, one for each event that matches: a constant, or the event's own `$.member` (CloudWatch Logs user
 * guide, "Creating metrics from log events using filters").
 * @param metric none of another one
 */
export function samplesOf(
  filter: Properties,
  events: readonly LogEvent[],
  metric: { readonly namespace: string | null; readonly name: string | null },
  { countQuotedNumbers }: Pick<LogsLimits, 'countQuotedNumbers'>,
) {
  const [transformation = {}] = read.objects(filter, 'MetricTransformations');
  const { MetricNamespace: namespace, MetricName: name } = transformation;
  if (namespace !== metric.namespace || name !== metric.name) return [];
  const matches = compileFilterPattern(read.required(filter, 'FilterPattern'));
  const source = read.required(transformation, 'MetricValue');
  const valueIn = (message: string) => (source.startsWith('$.') ? parseObject(message)?.[source.slice(2)] : Number(source));
  return events.flatMap(({ timestamp, message }) => {
    const value = matches(message) ? valueIn(message) : undefined;
    const isQuoted = countQuotedNumbers && typeof value === 'string' && value.trim() !== '';
    const number = isQuoted ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? [{ timestamp, value: number }] : [];
  });
}

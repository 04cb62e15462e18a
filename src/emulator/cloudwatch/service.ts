import { unknownOperation, validationError } from '../kernel/aws-error.ts';
import type { KeptResources } from '../kernel/resource-provider.ts';
import type { Service } from '../kernel/service.ts';
import type { Iam } from '../iam/service.ts';
import type { createLogs } from '../logs/service.ts';
import { sendQuery } from '../protocols/query.ts';
import { alarmProvider } from './resources/alarm.ts';
import { dashboardProvider } from './resources/dashboard.ts';

/** The metrics of metric filters by GetMetricStatistics, alarms, which never go off, and dashboards. The inventory is names. */
export function createCloudWatch({
  iam,
  logs,
}: {
  readonly iam: Iam;
  readonly logs: Pick<ReturnType<typeof createLogs>, 'samplesOf'>;
}) {
  const alarms: KeptResources = new Map();
  const dashboards: KeptResources = new Map();
  return {
    protocol: 'query',
    resourceProviders: [alarmProvider(alarms), dashboardProvider(dashboards)],
    inventory: () => ({ alarms: [...alarms.keys()], dashboards: [...dashboards.keys()] }),
    async handle({ body, accessKeyId, requestId }, response) {
      const form = new URLSearchParams(body.toString('utf8'));
      const action = form.get('Action') ?? '';
      if (action !== 'GetMetricStatistics') throw unknownOperation(400, `CloudWatch call ${action}`);
      iam.authorize(accessKeyId, `cloudwatch:${action}`, ['*']);
      const [from = NaN, to = NaN] = ['StartTime', 'EndTime'].map((name) => Date.parse(form.get(name) ?? ''));
      const periodMs = Number(form.get('Period')) * 1_000;
      if (!(from < to && periodMs > 0)) throw validationError('StartTime, EndTime and Period must be given');
      const metric = { namespace: form.get('Namespace'), name: form.get('MetricName') };
      const values = new Map<number, number[]>();
      for (const { timestamp, value } of logs.samplesOf(metric)) {
        const start = Math.floor(timestamp / periodMs) * periodMs;
        if (timestamp < from || timestamp >= to) continue;
        const inPeriod = values.get(start);
        if (inPeriod) inPeriod.push(value);
        else values.set(start, [value]);
      }
      const Datapoints = [...values].map(([start, inPeriod]) => {
        const Sum = inPeriod.reduce((sum, value) => sum + value, 0);
        const [Minimum, Maximum, Average] = [Math.min(...inPeriod), Math.max(...inPeriod), Sum / inPeriod.length];
        return { Timestamp: new Date(start), SampleCount: inPeriod.length, Sum, Average, Minimum, Maximum };
      });
      const namespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
      sendQuery(response, { action, requestId, namespace }, { Label: metric.name ?? '', Datapoints });
    },
    close: async () => undefined,
  } satisfies Service & Record<string, unknown>;
}

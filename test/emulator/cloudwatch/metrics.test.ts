import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCloudWatch } from '../../../src/emulator/cloudwatch/service.ts';
import { createIam } from '../../../src/emulator/iam/service.ts';
import { LOGS_LIMITS } from '../../../src/emulator/logs/limits.ts';
import { samplesOf } from '../../../src/emulator/logs/resources/metric-filter.ts';
import { queryAws } from '../../conformance/query-aws.ts';
import { type ServedService, serveService } from '../apigateway/serve-service.ts';

const MINUTE_MS = 60_000;
const METRIC = { namespace: 'app', name: 'Waited' };
const filterBy = (FilterPattern: string, MetricValue: string) => ({
  LogGroupName: 'group',
  FilterPattern,
  MetricTransformations: [{ MetricNamespace: METRIC.namespace, MetricName: METRIC.name, MetricValue }],
});
const valuesOf = (filter: ReturnType<typeof filterBy>, messages: readonly string[], limits = LOGS_LIMITS, metric = METRIC) => {
  const events = messages.map((message, index) => ({ id: String(index), stream: 's', timestamp: index, message }));
  return samplesOf(filter, events, metric, limits).map(({ value }) => value);
};

test('a metric filter takes the member of each line that matches, when it is a number', () => {
  const filter = filterBy('{ $.waited != "-" }', '$.waited');
  const lines = [
    '{"waited":12}',
    '{"waited":"-"}',
    '{"other":1}',
    'no JSON',
    '{"waited":true}',
    '{"waited":"x"}',
    '{"waited":""}',
  ];
  expect(valuesOf(filter, lines)).toEqual([12]);
  expect(valuesOf(filter, lines, LOGS_LIMITS, { ...METRIC, name: 'Other' })).toEqual([]);
  expect(valuesOf(filter, lines, LOGS_LIMITS, { ...METRIC, namespace: 'other' })).toEqual([]);
});

test('a number in quotes counts, or does not', () => {
  const filter = filterBy('{ $.waited != "-" }', '$.waited');
  expect(valuesOf(filter, ['{"waited":"12"}'])).toEqual([12]);
  expect(valuesOf(filter, ['{"waited":"12"}'], { ...LOGS_LIMITS, countQuotedNumbers: false })).toEqual([]);
});

test('a filter with a number publishes it for each line; patterns of terms, and of an equal member', () => {
  expect(valuesOf(filterBy('ERROR', '1'), ['ERROR one', 'fine', 'ERROR two'])).toEqual([1, 1]);
  expect(valuesOf(filterBy('{$.status="502"}', '1'), ['{"status":502}', '{"status":"200"}'])).toEqual([1]);
});

let served: ServedService;
beforeAll(async () => {
  const values = [
    [0, 5],
    [1, 15],
    [MINUTE_MS, 40],
    [2 * MINUTE_MS, 1],
  ] as const;
  const samples = values.map(([timestamp, value]) => ({ timestamp, value }));
  const logs = { samplesOf: ({ name }: { readonly name: string | null }) => (name === METRIC.name ? samples : []) };
  const iam = createIam({ partition: 'aws', accountId: '123456789012' });
  served = await serveService(createCloudWatch({ iam, logs }));
});
afterAll(() => served.close());

const ask = (members: Readonly<Record<string, string>>): Promise<string> =>
  queryAws(
    { region: 'eu-west-1', endpointUrl: served.endpoint, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } },
    'monitoring',
    '2010-08-01',
    { Action: 'GetMetricStatistics', Namespace: METRIC.namespace, MetricName: METRIC.name, ...members },
  );
const during = (ms: number) => ({ StartTime: new Date(0).toISOString(), EndTime: new Date(ms).toISOString(), Period: '60' });

test('statistics by period, its end excluded', async () => {
  const xml = await ask(during(2 * MINUTE_MS));
  const membersOf = (name: string): string[] =>
    [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'g'))].map(([, text = '']) => text);
  expect(membersOf('Timestamp')).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:01:00.000Z']);
  expect(membersOf('SampleCount')).toEqual(['2', '1']);
  expect(membersOf('Sum')).toEqual(['20', '40']);
  expect(membersOf('Average')).toEqual(['10', '40']);
  expect(membersOf('Minimum')).toEqual(['5', '40']);
  expect(membersOf('Maximum')).toEqual(['15', '40']);
});

test('no samples, no period and no such call', async () => {
  expect(await ask({ ...during(MINUTE_MS), MetricName: 'Other' })).not.toContain('<member>');
  await expect(ask({})).rejects.toThrow(/StartTime, EndTime and Period/);
  await expect(ask({ Action: 'PutMetricData' })).rejects.toThrow(/PutMetricData/);
});

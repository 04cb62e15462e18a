import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/index.ts';

const REGION = 'eu-west-1';
let emulator: Emulator;
let client: CloudFormationClient;
beforeAll(async () => {
  emulator = await startEmulator();
  const { url: endpoint, credentials } = emulator;
  client = new CloudFormationClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});

type Resources = Record<string, Record<string, unknown>>;

async function settled(StackName: string): Promise<Stack> {
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const [stack] = Stacks;
    if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
  }
}

async function create(StackName: string, Resources: Resources): Promise<Stack> {
  const TemplateBody = JSON.stringify({ Resources });
  const { StackId = '' } = await client.send(new CreateStackCommand({ StackName, TemplateBody }));
  return settled(StackId);
}

/** Physical ids by logical id. */
async function idsOf(StackName: string): Promise<Record<string, string | undefined>> {
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }));
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
}

const ALARM = {
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
  MetricName: '5XXError',
  Namespace: 'AWS/ApiGateway',
  Period: 60,
  Statistic: 'Sum',
  Threshold: 1,
};
const FILTER = {
  LogGroupName: { Ref: 'Group' },
  FilterPattern: '{ $.x > 1 }',
  MetricTransformations: [{ MetricName: 'x', MetricNamespace: 'n', MetricValue: '$.x' }],
};
const RECORD = {
  HostedZoneId: 'Z1',
  Name: 'api.example.com',
  Type: 'A',
  AliasTarget: { DNSName: 'd.example.com', HostedZoneId: 'Z2' },
};
const ALL: Resources = {
  Group: { Type: 'AWS::Logs::LogGroup' },
  Filter: { Type: 'AWS::Logs::MetricFilter', Properties: FILTER },
  Topic: { Type: 'AWS::SNS::Topic' },
  Mail: {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'ops@example.com' },
  },
  May: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: { Ref: 'Topic' },
        },
      },
    },
  },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...ALARM, AlarmActions: [{ Ref: 'Topic' }] } },
  Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{"widgets":[]}' } },
  Record: { Type: 'AWS::Route53::RecordSet', Properties: RECORD },
  RecordV6: { Type: 'AWS::Route53::RecordSet', Properties: { ...RECORD, Type: 'AAAA' } },
};

test('all are made, listed by the inventory, changed in place, and gone with their stack', async () => {
  expect((await create('all', ALL)).StackStatus).toBe('CREATE_COMPLETE');
  const ids = await idsOf('all');
  const name = (logicalId: string) => expect.stringMatching(`^all-${logicalId}-[A-Z0-9]{12}$`);
  expect(ids).toMatchObject({
    Filter: name('Filter'),
    Alarm: name('Alarm'),
    Board: name('Board'),
    Topic: expect.stringMatching(/^arn:aws:sns:eu-west-1:000000000000:all-Topic-[A-Z0-9]{12}$/),
    Mail: expect.stringMatching(`^${ids['Topic']}:[0-9a-f-]{36}$`),
    Record: 'api.example.com',
  });
  expect(emulator.inventory()).toMatchObject({
    logGroups: [ids['Group']],
    metricFilters: [ids['Filter']],
    topics: [ids['Topic']],
    subscriptions: [ids['Mail']],
    alarms: [ids['Alarm']],
    dashboards: [ids['Board']],
    recordSets: ['api.example.com A Z1', 'api.example.com AAAA Z1'],
  });

  const changed = structuredClone(ALL);
  Object.assign(changed['Alarm']?.['Properties'] ?? {}, { Threshold: 5 });
  Object.assign(changed['Record']?.['Properties'] ?? {}, { Type: 'CNAME', TTL: '60' });
  const record = changed['Record']?.['Properties'] as Record<string, unknown>;
  delete record['AliasTarget'];
  record['ResourceRecords'] = ['d.example.com'];
  delete changed['Board'];
  const TemplateBody = JSON.stringify({ Resources: changed });
  await client.send(new UpdateStackCommand({ StackName: 'all', TemplateBody }));
  expect((await settled('all')).StackStatus).toBe('UPDATE_COMPLETE');
  expect((await idsOf('all'))['Alarm']).toBe(ids['Alarm']);
  expect(emulator.inventory()).toMatchObject({
    dashboards: [],
    recordSets: ['api.example.com AAAA Z1', 'api.example.com CNAME Z1'],
  });

  await client.send(new DeleteStackCommand({ StackName: 'all' }));
  await expect.poll(() => Object.values(emulator.inventory()).flat()).toEqual([]);
});

test('the subscriptions of a topic go with it, whoever has made them', async () => {
  await create('topics', { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'ours' } } });
  const TopicArn = `arn:aws:sns:${REGION}:000000000000:ours`;
  const Properties = { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-west-1:0:q' };
  await create('theirs', { Theirs: { Type: 'AWS::SNS::Subscription', Properties } });
  expect(emulator.inventory()['subscriptions']).toHaveLength(1);
  await client.send(new DeleteStackCommand({ StackName: 'topics' }));
  await expect.poll(() => emulator.inventory()['topics']).toEqual([]);
  expect(emulator.inventory()['subscriptions']).toEqual([]);
  await client.send(new DeleteStackCommand({ StackName: 'theirs' }));
});

test.each<[string, Resources, string]>([
  [
    'an alarm without a metric',
    { A: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...ALARM, MetricName: { Ref: 'AWS::NoValue' } } } },
    'an alarm needs Metrics, or MetricName',
  ],
  [
    'an alarm with two statistics',
    { A: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...ALARM, ExtendedStatistic: 'p95' } } },
    'either Statistic or ExtendedStatistic',
  ],
  [
    'an alarm that compares otherwise',
    { A: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...ALARM, ComparisonOperator: 'Above' } } },
    'the ComparisonOperator Above',
  ],
  [
    'a dashboard that is no JSON',
    { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{"widgets":[}' } } },
    'The field DashboardBody must be a valid JSON object',
  ],
  [
    'an address that is none',
    {
      T: { Type: 'AWS::SNS::Topic' },
      S: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'T' }, Protocol: 'email', Endpoint: 'ops' } },
    },
    'Invalid parameter: Email address',
  ],
  [
    'a protocol that SNS does not have',
    {
      T: { Type: 'AWS::SNS::Topic' },
      S: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'T' }, Protocol: 'fax', Endpoint: '1' } },
    },
    'does not support this protocol string: fax',
  ],
  [
    'a topic that is not there',
    {
      S: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: 'arn:aws:sns:eu-west-1:0:no', Protocol: 'email', Endpoint: 'a@b' },
      },
    },
    'Topic does not exist',
  ],
  [
    'a filter of a group that is not there',
    { F: { Type: 'AWS::Logs::MetricFilter', Properties: { ...FILTER, LogGroupName: 'no' } } },
    'The specified log group does not exist.',
  ],
  [
    'a record with half of what it needs',
    { R: { Type: 'AWS::Route53::RecordSet', Properties: { HostedZoneId: 'Z', Name: 'a', Type: 'A' } } },
    'needs ResourceRecords and TTL',
  ],
  [
    'an alias with a time to live',
    { R: { Type: 'AWS::Route53::RecordSet', Properties: { ...RECORD, TTL: '60' } } },
    'an alias has neither ResourceRecords nor TTL',
  ],
  [
    'a record that is there already',
    {
      R: { Type: 'AWS::Route53::RecordSet', Properties: RECORD },
      S: { Type: 'AWS::Route53::RecordSet', DependsOn: 'R', Properties: { ...RECORD, Name: 'API.example.com.' } },
    },
    "[Tried to create resource record set [name='api.example.com.', type='A'] but it already exists]",
  ],
])('%s is refused', async (_what, resources, reason) => {
  const { StackId = '', StackStatus } = await create(`refused-${Date.now()}`, resources);
  expect(StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: StackId }));
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  expect(failed?.ResourceStatusReason).toContain(reason);
});

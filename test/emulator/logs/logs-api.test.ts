import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  paginateDescribeLogStreams,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIam } from '../../../src/emulator/iam/service.ts';
import { LOGS_LIMITS } from '../../../src/emulator/logs/limits.ts';
import { createLogWriter } from '../../../src/emulator/logs/store.ts';
import { type LogGroups, putLogGroup } from '../../../src/emulator/logs/store.ts';
import { createLogs } from '../../../src/emulator/logs/service.ts';
import { type ServedService, serveService } from '../apigateway/serve-service.ts';

const PLACE = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };
const LIMITS = { ...LOGS_LIMITS, pageEvents: 3, pageBytes: 100, keptEvents: 5 };

const logGroups: LogGroups = new Map();
const put = createLogWriter(logGroups, LIMITS);
let served: ServedService;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  const iam = createIam(PLACE);
  served = await serveService(createLogs({ place: PLACE, iam, logGroups, limits: LIMITS }));
  client = new CloudWatchLogsClient({
    endpoint: served.endpoint,
    region: PLACE.region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

const filter = (input: FilterLogEventsCommandInput) => client.send(new FilterLogEventsCommand(input));

async function messages(input: FilterLogEventsCommandInput): Promise<(string | undefined)[][]> {
  const pages = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
    pages.push(events.map(({ message }) => message));
  }
  return pages;
}

test('pages of the limit, oldest first; the oldest events of all go first', async () => {
  putLogGroup(logGroups, 'paged');
  for (let index = 0; index < 7; index += 1) put('paged', 's', `event ${index}`);
  expect(await messages({ logGroupName: 'paged' })).toEqual([
    ['event 2', 'event 3', 'event 4'],
    ['event 5', 'event 6'],
  ]);
  expect(await messages({ logGroupName: 'paged', limit: 2 })).toHaveLength(3);
});

test('a page ends before its bytes exceed the limit, but has one event at least', async () => {
  putLogGroup(logGroups, 'wide');
  const [small, large] = ['x'.repeat(60), 'y'.repeat(150)];
  for (const message of [small, small, large]) put('wide', 's', message);
  expect(await messages({ logGroupName: 'wide' })).toEqual([[small], [small], [large]]);
});

test('by time, stream and prefix; a group by its ARN', async () => {
  putLogGroup(logGroups, 'timed');
  put('timed', 'one/a', 'first');
  const [first] = logGroups.get('timed')?.events ?? [];
  put('timed', 'two/b', 'second');
  const startTime = (first?.timestamp ?? 0) + 60_000;
  expect(await messages({ logGroupName: 'timed', startTime })).toEqual([[]]);
  expect(await messages({ logGroupName: 'timed', endTime: 1 })).toEqual([[]]);
  const arn = 'arn:aws:logs:eu-west-1:123456789012:log-group:timed';
  expect(await messages({ logGroupIdentifier: arn, logStreamNames: ['two/b'] })).toEqual([['second']]);
  expect(await messages({ logGroupName: 'timed', logStreamNamePrefix: 'one/' })).toEqual([['first']]);
});

test('a group keeps its events when its retention changes, and loses them with itself', async () => {
  putLogGroup(logGroups, 'changed');
  put('changed', 's', 'kept');
  putLogGroup(logGroups, 'changed');
  expect(await messages({ logGroupName: 'changed' })).toEqual([['kept']]);
  logGroups.delete('changed');
  put('changed', 's', 'lost');
  await expect(filter({ logGroupName: 'changed' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test.each([
  ['', ['INFO one', 'WARN two', 'ERROR one two', 'say "hi"']],
  ['one', ['INFO one', 'ERROR one two']],
  ['one two', ['ERROR one two']],
  ['"one two"', ['ERROR one two']],
  ['"two one"', []],
  ['error', []],
  ['one -ERROR', ['INFO one']],
  ['?WARN ?INFO', ['INFO one', 'WARN two']],
  ['?"one two" ?WARN', ['WARN two', 'ERROR one two']],
  [String.raw`"\"hi\""`, ['say "hi"']],
])('the filter pattern %s', async (filterPattern, found) => {
  putLogGroup(logGroups, 'patterns');
  logGroups.get('patterns')?.events.splice(0);
  for (const message of ['INFO one', 'WARN two', 'ERROR one two', 'say "hi"']) put('patterns', 's', message);
  expect((await messages({ logGroupName: 'patterns', filterPattern })).flat()).toEqual(found);
});

test.each([
  ['{ $.status = 500 }', 'the emulator does not support the filter pattern { $.status = 500 }'],
  ['[a, b]', 'the emulator does not support the filter pattern [a, b]'],
  ['%a+%', 'the emulator does not support the filter pattern %a+%'],
  ['?one two', 'the emulator does not support ? beside other terms'],
  ['a-b', "Invalid character(s) in term 'a-b'"],
  ['"open', 'Invalid filter pattern'],
])('the filter pattern %s is refused', async (filterPattern, message) => {
  putLogGroup(logGroups, 'plain');
  await expect(filter({ logGroupName: 'plain', filterPattern })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(message) as unknown,
  });
});

test('DescribeLogGroups: by prefix or part of the name, page by page', async () => {
  for (const name of ['/d/two', '/d/one', '/e/one']) putLogGroup(logGroups, name, name === '/d/one' ? 30 : undefined);
  put('/d/one', 's', 'four');
  const describe = async (input: object) => {
    const { logGroups: found = [], nextToken } = await client.send(new DescribeLogGroupsCommand(input));
    return { names: found.map(({ logGroupName }) => logGroupName), first: found[0], nextToken };
  };
  const page = await describe({ logGroupNamePrefix: '/d/', limit: 1 });
  expect(page.names).toEqual(['/d/one']);
  expect(page.first).toMatchObject({
    arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/d/one:*',
    logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/d/one',
    retentionInDays: 30,
    storedBytes: 4,
    metricFilterCount: 0,
  });
  expect(await describe({ logGroupNamePrefix: '/d/', nextToken: page.nextToken })).toMatchObject({ names: ['/d/two'] });
  expect((await describe({ logGroupNamePattern: '/one' })).names).toEqual(['/d/one', '/e/one']);
  await expect(describe({ logGroupNamePattern: 'a', logGroupNamePrefix: 'b' })).rejects.toThrow('mutually exclusive');
  await expect(describe({ limit: 51 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(describe({ logGroupClass: 'DELIVERY' })).rejects.toThrow('the emulator does not support logGroupClass');
});

test('DescribeLogStreams: by name or by the last event, page by page', async () => {
  putLogGroup(logGroups, 'streams');
  for (const stream of ['b', 'a', 'c', 'b']) put('streams', stream, 'x');
  const names = async (input: object) => {
    const pages: string[] = [];
    for await (const { logStreams = [] } of paginateDescribeLogStreams({ client }, { logGroupName: 'streams', ...input }))
      pages.push(logStreams.map((each) => each.logStreamName).join(''));
    return pages;
  };
  expect(await names({ limit: 2 })).toEqual(['ab', 'c']);
  expect(await names({ descending: true })).toEqual(['cba']);
  expect(await names({ orderBy: 'LastEventTime', descending: true })).toEqual(['bca']);
  expect(await names({ logStreamNamePrefix: 'a' })).toEqual(['a']);
  const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName: 'streams', limit: 1 }));
  expect(logStreams?.[0]?.arn).toBe('arn:aws:logs:eu-west-1:123456789012:log-group:streams:log-stream:a');
  expect(logStreams?.[0]?.lastEventTimestamp).toBe(logGroups.get('streams')?.events[1]?.timestamp);
  await expect(names({ orderBy: 'LastEventTime', logStreamNamePrefix: 'a' })).rejects.toThrow('logStreamNamePrefix');
  await expect(client.send(new DescribeLogStreamsCommand({ logGroupName: 'none' }))).rejects.toThrow('does not exist');
});

test('GetLogEvents: from either end, on in either direction, and the same token at an end', async () => {
  putLogGroup(logGroups, 'read');
  for (const message of ['1', '2', '3', '4', '5']) put('read', 's', message);
  const get = async (input: Partial<GetLogEventsCommandInput>) => {
    const command = new GetLogEventsCommand({ logGroupName: 'read', logStreamName: 's', limit: 2, ...input });
    const { events = [], nextForwardToken, nextBackwardToken } = await client.send(command);
    return { text: events.map(({ message }) => message).join(''), nextForwardToken, nextBackwardToken };
  };
  const latest = await get({});
  expect(latest.text).toBe('45');
  const before = await get({ nextToken: latest.nextBackwardToken });
  expect(before.text).toBe('23');
  expect((await get({ nextToken: before.nextForwardToken, startFromHead: true })).text).toBe('45');
  const end = await get({ nextToken: latest.nextForwardToken, startFromHead: true });
  expect(end).toMatchObject({ text: '', nextForwardToken: latest.nextForwardToken });
  expect((await get({ startFromHead: true })).text).toBe('12');
  const at = logGroups.get('read')?.events[4]?.timestamp ?? 0;
  expect((await get({ limit: 3, endTime: at + 1 })).text).toBe('345');
  expect((await get({ startTime: at + 1 })).text).toBe('');
  await expect(get({ logStreamName: 'none' })).rejects.toThrow('The specified log stream does not exist.');
});

test('what it does not know it refuses by name', async () => {
  putLogGroup(logGroups, 'plain');
  await expect(filter({ logGroupName: 'plain', unmask: true })).rejects.toThrow(
    'the emulator does not support unmask of FilterLogEvents',
  );
  await expect(filter({})).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

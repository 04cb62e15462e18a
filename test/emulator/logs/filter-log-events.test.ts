import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
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

test('what it does not know it refuses by name', async () => {
  putLogGroup(logGroups, 'plain');
  await expect(filter({ logGroupName: 'plain', filterPattern: 'ERROR' })).rejects.toThrow(
    'the emulator does not know the member filterPattern',
  );
  await expect(filter({})).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

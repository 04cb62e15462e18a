import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { followLogs, type FollowOptions, type StackLogGroup } from '../../src/stack/follow-logs.ts';

const GROUPS: readonly StackLogGroup[] = [
  { source: 'function', name: 'f' },
  { source: 'access', name: 'a', format: '' },
];

type Request = { readonly logGroupName: string; readonly startTime: number };
/** What CloudWatch Logs has for a group at the n-th question: events as `[id, timestamp]`, or the name of an error. */
type Answer = readonly (readonly [string, number])[] | string;

let server: Server | undefined;
const controller = { current: new AbortController() };
afterEach(() => {
  controller.current.abort();
  controller.current = new AbortController();
  server?.closeAllConnections();
  server?.close();
});

/** CloudWatch Logs that answers as it is told, and remembers what it was asked. */
async function start(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked: Request[] = [];
  server = createServer((incoming, response) => {
    void json(incoming).then((body) => {
      const request = body as Request;
      const turn = asked.filter(({ logGroupName }) => logGroupName === request.logGroupName).length;
      asked.push(request);
      const answer = answers[request.logGroupName]?.[turn] ?? [];
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if (typeof answer === 'string') {
        response.statusCode = 400;
        response.end(JSON.stringify({ __type: answer, message: answer }));
        return;
      }
      const events = answer.map(([eventId, timestamp]) => ({ eventId, timestamp, logStreamName: 's', message: `${eventId}\n` }));
      response.end(JSON.stringify({ events }));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const client = new CloudWatchLogsClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    maxAttempts: 1,
  });
  return { client, asked };
}

/** The messages, as many as are wanted. */
async function take(client: CloudWatchLogsClient, count: number, options: Partial<FollowOptions> = {}): Promise<string[]> {
  const messages: string[] = [];
  const events = followLogs(client, GROUPS, {
    fromMs: 1_000,
    follow: true,
    signal: controller.current.signal,
    onFailure: () => 'again',
    pollMs: 5,
    ...options,
  });
  for await (const { event } of events) {
    messages.push(event.message);
    if (messages.length === count) break;
  }
  return messages;
}

test('two groups come in the order of their time', async () => {
  const { client } = await start({
    f: [
      [
        ['1', 1_001],
        ['4', 1_004],
      ],
    ],
    a: [
      [
        ['2', 1_002],
        ['3', 1_003],
        ['5', 1_005],
      ],
    ],
  });
  expect(await take(client, 9, { follow: false })).toEqual(['1', '2', '3', '4', '5']);
});

test('an event that arrives late comes, and none comes twice', async () => {
  const { client, asked } = await start({
    f: [
      [['new', 60_000]],
      [
        ['late', 50_000],
        ['new', 60_000],
      ],
      [
        ['late', 50_000],
        ['new', 60_000],
        ['newer', 61_000],
      ],
    ],
  });
  expect(await take(client, 3)).toEqual(['new', 'late', 'newer']);
  const ofFunction = asked.filter(({ logGroupName }) => logGroupName === 'f');
  // Back to 30 s before the newest event, and never before the beginning.
  expect(ofFunction.slice(0, 3).map(({ startTime }) => startTime)).toEqual([1_000, 30_000, 30_000]);
});

test('a failure that passes is asked about again, later each time; the other group goes on', async () => {
  const { client } = await start({
    f: ['ThrottlingException', 'ThrottlingException', [['end', 3_000]]],
    a: [[['access', 2_000]]],
  });
  const waits: number[] = [];
  const messages = await take(client, 2, {
    onFailure: (_error, { name }, waitMs) => {
      waits.push(waitMs);
      expect(name).toBe('f');
      return 'again';
    },
  });
  expect(messages).toEqual(['access', 'end']);
  expect(waits).toEqual([10, 20]);
});

test('a group that is skipped is not asked again, and without any group it ends', async () => {
  const { client, asked } = await start({ f: ['ResourceNotFoundException'], a: [[['1', 2_000]], 'ResourceNotFoundException'] });
  expect(await take(client, 9, { onFailure: () => 'skip' })).toEqual(['1']);
  expect(asked.map(({ logGroupName }) => logGroupName)).toEqual(['f', 'a', 'a']);
});

test('it ends with the signal, in the midst of waiting', async () => {
  const { client } = await start({});
  const taken = take(client, 1, { pollMs: 60_000 });
  setTimeout(() => controller.current.abort(), 50);
  await expect(taken).rejects.toThrow(/abort/i);
});

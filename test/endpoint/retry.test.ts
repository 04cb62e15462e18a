import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import type { Connection } from '../../src/endpoint/connection.ts';
import { runTurnWithRetries } from '../../src/endpoint/retry.ts';
import { type TurnResult } from '../../src/endpoint/run-turn.ts';

let server: Server;
let url: string;
let answers: ((response: ServerResponse) => void)[];
let requests: number;

beforeEach(async () => {
  requests = 0;
  answers = [];
  server = createServer((request, response) => {
    requests += 1;
    request.resume();
    (answers.shift() ?? good)(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const good = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end('data: "good"\n\n');
};
const refuse = (status: number, body: object) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const connect = (): Connection => {
  const transport = createApiGatewayTransport({ url, auth: { type: 'none' } });
  return { transport, idleLimitMs: undefined, close: () => transport.close() };
};

const run = async (signal = new AbortController().signal): Promise<TurnResult & { retries: string[] }> => {
  const retries: string[] = [];
  const tell = (text: string): void => void retries.push(text);
  const result = await runTurnWithRetries(connect(), { prompt: 'hi' }, {}, signal, tell, [1, 1]);
  return { ...result, retries };
};

test.each([429, 503])('tries again after %i', async (status) => {
  answers = [refuse(status, { message: 'Too Many Requests' })];
  const result = await run();
  expect(result).toMatchObject({ status: 200, failure: undefined });
  expect(result.retries).toEqual([`the endpoint answered ${status}: Too Many Requests; trying again in 1.0 ms`]);
});

test('gives up after the last wait', async () => {
  answers = [429, 429, 429, 429].map((status) => refuse(status, { message: 'no' }));
  const result = await run();
  expect(result.failure?.message).toBe('the endpoint answered 429: no');
  expect([result.retries.length, requests]).toEqual([2, 3]);
});

test('tries again when no connection came about', async () => {
  server.close();
  const result = await run();
  expect(result.failure).toMatchObject({ code: 'CONNECT_FAILED' });
  expect(result.retries).toHaveLength(2);
});

test.each([
  ['500', refuse(500, { message: 'Internal server error' })],
  ['a used-up quota', refuse(429, { error: 'too many sessions', code: 'QUOTA_EXCEEDED' })],
  [
    'an error event',
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('event: error\ndata: {"error":"no","code":"THROTTLED"}\n\n');
    },
  ],
  ['a connection that breaks before the answer', (response: ServerResponse) => void response.destroy()],
  [
    'a stream that breaks off',
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: "a"\n\n', () => response.destroy());
    },
  ],
])('never after %s: the agent may have run', async (_name, answer) => {
  answers = [answer];
  const result = await run();
  expect(result.failure).toBeDefined();
  expect([result.retries, requests]).toEqual([[], 1]);
});

test('stops waiting when it is aborted', async () => {
  answers = [refuse(429, { message: 'no' })];
  const controller = new AbortController();
  const turn = runTurnWithRetries(connect(), { prompt: 'hi' }, {}, controller.signal, () => controller.abort(), [3_600_000]);
  expect((await turn).metrics.outcome).toBe('cancelled');
  expect(requests).toBe(1);
});

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import { turnFailure } from '../../src/endpoint/turn-failure.ts';
import { runTurn, type TurnListener } from '../../src/endpoint/run-turn.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const listen = async (answer: RequestListener): Promise<string> => {
  server = createServer(answer);
  const listening = server;
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
};
const run = (url: string, listener: TurnListener = {}, signal = new AbortController().signal) =>
  runTurn(createApiGatewayTransport({ url, auth: { type: 'none' } }), { prompt: 'hi' }, listener, signal);
const EVENTS = { 'content-type': 'text/event-stream', 'x-session-id': 's' };

test('tells of parts, bytes and events in the order in which they came, with their stamps', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.end('data: "a"\n\ndata: "b"\n\n');
  });
  const told: string[] = [];
  const stamps: number[] = [];
  const result = await run(url, {
    onPart(part) {
      told.push(part.type);
      if (part.type === 'chunk') stamps.push(part.at);
    },
    onAccepted: ({ sessionId }) => told.push(`accepted ${sessionId}`),
    onBytes: (bytes) => told.push(`${bytes.length} bytes`),
    onEvent(event, at) {
      told.push(event.type === 'text-delta' ? event.text : event.type);
      stamps.push(at);
    },
  });
  expect(told).toEqual(['sent', 'headers', 'accepted s', 'chunk', '22 bytes', 'a', 'b', 'end']);
  expect(new Set(stamps).size).toBe(1);
  expect(result).toMatchObject({
    status: 200,
    sessionId: 's',
    failure: undefined,
    metrics: { outcome: 'ok', reads: 1, events: 2, textEvents: 2, bytes: 22 },
  });
});

test('what a listener throws is no failure of the endpoint', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.write('data: "a"\n\n');
  });
  const turn = run(url, {
    onEvent: () => {
      throw new TypeError('a bug of ours');
    },
  });
  await expect(turn).rejects.toThrow('a bug of ours');
});

test('an error event is a failure of a stream that ended well', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.end('event: error\ndata: {"error":"no","code":"THROTTLED"}\n\n');
  });
  const { metrics, failure } = await run(url);
  expect([metrics.outcome, failure?.message]).toEqual(['error-event', 'no (THROTTLED)']);
});

test.each([
  ['text that is known', 'data: "a"\n\n', []],
  ['none', 'data: {"n":1}\n\ndata: {"n":2}\n\n', ['2 events, none with text that is known; --raw shows them']],
  ['an end within it', 'data: "a"\n\ndata: {"text', ['the answer ends within an event: {"text']],
  [
    'a limit of tokens',
    'data: "a"\n\ndata: {"type":"message_delta","delta":{"stop_reason":"max_tokens"}}\n\n',
    ['the answer is cut off: the model reached its limit of tokens (max_tokens)'],
  ],
])('an answer with %s has these notes', async (_name, body, notes) => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.end(body);
  });
  expect((await run(url)).notes).toEqual(notes);
});

test('a success without content is a failure of its own', async () => {
  for (const status of [200, 204]) {
    const url = await listen((_request, response) => {
      response.writeHead(status, EVENTS);
      response.end();
    });
    const result = await run(url);
    expect([result.metrics.outcome, result.failure]).toEqual(['empty', undefined]);
    expect(turnFailure(result, undefined)).toMatchObject({ code: 'EMPTY_ANSWER', exitCode: 4 });
    server?.close();
  }
});

test('a cut is a failure that keeps what has come', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.write('data: "a"\n\n', () => response.destroy());
  });
  const { metrics, failure } = await run(url);
  expect(metrics).toMatchObject({ outcome: 'reset', textEvents: 1 });
  expect(failure).toMatchObject({ code: 'STREAM_CUT' });
});

test('an abort ends the turn as cancelled', async () => {
  const url = await listen((_request, response) => {
    response.writeHead(200, EVENTS);
    response.write('data: "a"\n\n');
  });
  const controller = new AbortController();
  const { metrics } = await run(url, { onEvent: () => controller.abort() }, controller.signal);
  expect(metrics).toMatchObject({ outcome: 'cancelled', events: 1 });
});

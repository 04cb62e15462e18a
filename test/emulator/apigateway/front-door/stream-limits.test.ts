import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { chunks, type Gateway, prelude, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

let gateway: Gateway;
afterEach(() => gateway.close());

/** Bandwidth of the second that never ends. */
const NEARLY_NOTHING = 1e-6;

async function* silentAfter(...texts: string[]): AsyncGenerator<Buffer> {
  yield* chunks(...texts);
  await new Promise(() => {});
}

test('beyond the free bytes a stream goes at its bandwidth, and no byte of the free ones waits', async () => {
  gateway = await startGateway(() => chunks(prelude({}), 'x'.repeat(6), 'y'.repeat(20)), {
    streamFreeBytes: 10,
    streamBytesPerSecond: NEARLY_NOTHING,
    // Stands for the moment at which the rest has not come.
    streamDurationMs: 300,
  });
  const { invokeUrl } = await gateway.deploy();
  const event = gateway.nextEvent();
  const answer = await httpCall(invokeUrl, { method: 'POST' });
  expect(await answer.textUntilCut()).toBe('xxxxxxyyyy');
  expect(await event).toMatchObject({ end: 'cut', bytes: 10 });
});

test('what is slowed down arrives whole', async () => {
  gateway = await startGateway(() => chunks(prelude({}), 'one', 'two'.repeat(100)), {
    streamFreeBytes: 3,
    streamBytesPerSecond: 10_000,
  });
  const { invokeUrl } = await gateway.deploy();
  const answer = await httpCall(invokeUrl, { method: 'POST' });
  expect(await answer.text()).toBe(`one${'two'.repeat(100)}`);
});

test('a cut has no terminating chunk', async () => {
  gateway = await startGateway(() => silentAfter(prelude({}), 'one'), {
    idleTimeoutMs: { REGIONAL: 50, EDGE: 1e6, PRIVATE: 1e6 },
  });
  const { invokeUrl } = await gateway.deploy();
  const { port, host, pathname } = new URL(invokeUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`);
  const raw = await text(socket);
  expect(raw).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(raw).toMatch(/\r\n\r\n3\r\none\r\n$/);
});

test.each([
  ['with-prelude', 1],
  ['with-first-byte', undefined],
] as const)('status and headers leave %s', async (headersLeave, seen) => {
  gateway = await startGateway(() => silentAfter(prelude({ statusCode: 201 })), { headersLeave, streamDurationMs: 150 });
  const { invokeUrl } = await gateway.deploy();
  const answer = await httpCall(invokeUrl, { method: 'POST' });
  // The head that did not leave in time is lost to the gateway's own error.
  expect(answer.status).toBe(seen ? 201 : 504);
});

test.each(['', 'body'])('the head that waits for %j comes at the end at the latest', async (body) => {
  gateway = await startGateway(() => chunks(prelude({ statusCode: 201 }), body), { headersLeave: 'with-first-byte' });
  const { invokeUrl } = await gateway.deploy();
  const answer = await httpCall(invokeUrl, { method: 'POST' });
  expect([answer.status, await answer.text()]).toEqual([201, body]);
});

test('an idle timer that starts with the prelude leaves a function its time before', async () => {
  let speak = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    speak = resolve;
  });
  const limits = { idleTimeoutMs: { REGIONAL: 40, EDGE: 1e6, PRIVATE: 1e6 } };
  const run = async function* (): AsyncGenerator<Buffer> {
    await told;
    yield* silentAfter(prelude({}), 'one');
  };
  gateway = await startGateway(run, { ...limits, idleTimerBeforePrelude: false });
  const { invokeUrl } = await gateway.deploy();
  const answering = httpCall(invokeUrl, { method: 'POST' });
  // Longer than the idle limit, during which it would have answered 504.
  await new Promise((resolve) => setTimeout(resolve, 120));
  speak();
  const answer = await answering;
  expect(answer.status).toBe(200);
  expect(await answer.next()).toBe('one');
  await expect(answer.next()).rejects.toThrow('aborted');

  await gateway.close();
  gateway = await startGateway(() => silentAfter(), limits);
  const { invokeUrl: strict } = await gateway.deploy();
  expect((await httpCall(strict, { method: 'POST' })).status).toBe(504);
});

test('the configured timeout of an integration is scaled, but not below a minute', async () => {
  gateway = await startGateway(() => silentAfter(), { timeScale: 300 });
  const { invokeUrl } = await gateway.deploy({ integration: { TimeoutInMillis: 100 } });
  expect((await httpCall(invokeUrl, { method: 'POST' })).status).toBe(504);
  const long = await gateway.deploy({ integration: { TimeoutInMillis: 900_000 } });
  const waiting = httpCall(long.invokeUrl, { method: 'POST' });
  waiting.catch(() => undefined);
  const first = await Promise.race([waiting.then(() => 'answered'), new Promise((resolve) => setTimeout(resolve, 150, 'waits'))]);
  expect(first).toBe('waits');
});

test('the function gets Accept whole, whatever API Gateway itself makes of its first type', async () => {
  let accept: unknown;
  gateway = await startGateway(({ event }) => {
    accept = (event['headers'] as Record<string, string>)['accept'];
    return chunks(prelude({}));
  });
  const { invokeUrl } = await gateway.deploy();
  const headers = { accept: 'text/event-stream, application/json', 'x-emulator-fault': 'empty' };
  await httpCall(invokeUrl, { method: 'POST', headers });
  expect(accept).toBe('text/event-stream, application/json');
});

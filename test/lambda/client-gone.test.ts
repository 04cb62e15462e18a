import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentRuntime } from '../../lambda/agent-runtime.ts';
import { relayTurn } from '../../lambda/relay.ts';
import { ClientResponse } from '../../lambda/response.ts';
import { awslambda } from '../../src/emulator/lambda/runtime/awslambda.mjs';

const TURN = {
  sessionId: 'a'.repeat(33),
  qualifier: undefined,
  contentType: 'application/json',
  accept: 'text/event-stream',
  payload: '{}',
};

let server: Server;
/** The agent's answer, which goes on until its caller has gone. */
let answer: Promise<[unknown, ServerResponse]>;
let runtime: AgentRuntime;
let agentType: string;

beforeEach(async () => {
  Object.assign(globalThis, { awslambda });
  agentType = 'text/event-stream';
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': agentType });
    response.write('data: 1\n\n');
  });
  answer = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  runtime = new AgentRuntime({
    agentRuntimeArn: 'arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/a-0123456789',
    region: 'eu-west-1',
    endpoint: new URL(`http://127.0.0.1:${port}`),
    qualifier: 'DEFAULT',
    corsOrigins: [],
    corsCredentials: false,
    userIdFrom: '',
    sessionScope: 'any',
    heartbeatMs: 0,
    flush: 'off',
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  Object.assign(globalThis, { awslambda: undefined });
});

/** A response stream that fails when the test says so, as the runtime's does when its own connection breaks. */
function responseStream(write: () => Error | null): Writable {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(write()) });
  return Object.assign(stream, { setContentType: () => undefined });
}

const relay = (stream: Writable): Promise<void> =>
  relayTurn(TURN, runtime, new ClientResponse(stream, 'r', {}), {
    sessionId: TURN.sessionId,
    heartbeatMs: 0,
    flush: 'off',
    remainingMs: 60_000,
    initMs: undefined,
  });

test('a stream that fails while the agent is silent ends the call of the agent', async () => {
  const stream = responseStream(() => null);
  const settled = relay(stream).catch((error: unknown) => error);
  const [, upstream] = await answer;
  const closed = once(upstream, 'close');
  stream.destroy(new Error('EPIPE'));
  expect(await settled).toMatchObject({ message: 'EPIPE' });
  await closed;
});

test('so does one that fails at a write', async () => {
  let failure: Error | null = null;
  const settled = relay(responseStream(() => failure)).catch((error: unknown) => error);
  const [, upstream] = await answer;
  const closed = once(upstream, 'close');
  failure = new Error('EPIPE');
  upstream.write('data: 2\n\n');
  expect(await settled).toMatchObject({ message: 'EPIPE' });
  await closed;
});

test('so does one that fails while the client is behind', async () => {
  const stream = responseStream(() => null);
  Object.defineProperty(stream, 'write', { value: () => false });
  const settled = relay(stream).catch((error: unknown) => error);
  const [, upstream] = await answer;
  const closed = once(upstream, 'close');
  stream.destroy(new Error('EPIPE'));
  expect(await settled).toMatchObject({ message: 'EPIPE' });
  await closed;
});

test('an agent that breaks off a format of its own fails the invocation, with a line in the log', async () => {
  agentType = 'text/plain';
  const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const began = new EventEmitter();
    const stream = responseStream(() => (began.emit('write'), null));
    const hasBegun = once(began, 'write');
    const settled = relay(stream).catch((error: unknown) => error);
    const [[, upstream]] = await Promise.all([answer, hasBegun]);
    upstream.destroy();
    expect(await settled).toMatchObject({ code: 'STREAM_INTERRUPTED' });
    expect(logged.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
      expect.objectContaining({ level: 'error', requestId: 'r', code: 'STREAM_INTERRUPTED' }),
    ]);
  } finally {
    logged.mockRestore();
  }
});

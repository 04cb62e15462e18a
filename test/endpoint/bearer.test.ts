import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createApiGatewayTransport } from '../../src/endpoint/api-gateway.ts';
import type { Credentials } from '../../src/endpoint/authorize.ts';
import { runTurn, type TurnResult } from '../../src/endpoint/run-turn.ts';
import type { Transport } from '../../src/endpoint/transport.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { type Served, serveHttp } from './serve.ts';

let served: Served | undefined;
let transport: Transport | undefined;
afterEach(async () => {
  await transport?.close();
  served?.close();
});

/** Tokens one after another: each is given again until it is refused. */
function tokensOf(...tokens: string[]): Extract<Credentials, { type: 'bearer' }>['token'] {
  let index = 0;
  return async (refused) => {
    if (refused === tokens[index] && index < tokens.length - 1) index += 1;
    return tokens[index] ?? '';
  };
}

const seen: string[] = [];
/** Lets the token `good` in, as an authorizer does. */
const gate = (request: IncomingMessage, response: ServerResponse): void => {
  const { authorization = '' } = request.headers;
  seen.push(`${request.method} ${authorization}`);
  if (authorization === 'Bearer good') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-session-id': 's' });
    response.end('data: "hi"\n\n');
  } else if (authorization === 'Bearer good-for-the-gate') {
    response.writeHead(401, { 'content-type': 'application/json', 'x-session-id': 's' });
    response.end('{"error":"no","code":"AGENT_UNAUTHORIZED","requestId":"r"}');
  } else if (authorization.startsWith('Bearer denied')) {
    response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
    response.end('{"Message":"User is not authorized to access this resource"}');
  } else if (authorization === 'Bearer good-for-a-stop-only') {
    // The function's own, which tells no session where it was told none.
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"error":"no","code":"CALLER_UNKNOWN","requestId":"r"}');
  } else if (authorization === 'Bearer good-for-the-agent') {
    response.writeHead(403, { 'x-amzn-errortype': 'Odd', 'x-session-id': 's' });
    response.end('{"error":"no","code":"AGENT_ACCESS_DENIED","requestId":"r"}');
  } else {
    response.writeHead(401, { 'x-amzn-errortype': 'UnauthorizedException' });
    response.end('{"message":"Unauthorized"}');
  }
};

const open = async (auth: Omit<Extract<Credentials, { type: 'bearer' }>, 'type'>) => {
  seen.length = 0;
  served = await serveHttp(gate);
  transport = createApiGatewayTransport({ url: served.url, auth: { type: 'bearer', ...auth } });
  return transport;
};

const ask = async (through: Transport): Promise<{ result: TurnResult; parts: readonly StreamPart[] }> => {
  const parts: StreamPart[] = [];
  const listener = { onPart: (part: StreamPart) => void parts.push(part) };
  const request = { prompt: 'hi' };
  const result = await runTurn(through, request, listener, new AbortController().signal);
  return { result, parts };
};

test('sends the token as RFC 6750 has it', async () => {
  const { result } = await ask(await open({ token: tokensOf('good') }));
  expect(result.metrics.outcome).toBe('ok');
  expect(seen).toEqual(['POST Bearer good']);
});

test('in another header it stands alone', async () => {
  const headers: unknown[] = [];
  served = await serveHttp((request, response) => {
    headers.push(request.headers['x-token'], request.headers.authorization);
    response.end('ok');
  });
  const auth: Credentials = { type: 'bearer', header: 'X-Token', token: tokensOf('t') };
  transport = createApiGatewayTransport({ url: served.url, auth });
  await ask(transport);
  expect(headers).toEqual(['t', undefined]);
});

test('a refused token is exchanged once, unseen: one turn, timed from its first request', async () => {
  const { result, parts } = await ask(await open({ token: tokensOf('old', 'good') }));
  expect(seen).toEqual(['POST Bearer old', 'POST Bearer good']);
  expect(result.metrics.outcome).toBe('ok');
  expect(parts.map(({ type }) => type)).toEqual(['sent', 'headers', 'chunk', 'end']);
});

test('the next turn begins with the new one', async () => {
  const through = await open({ token: tokensOf('old', 'good') });
  await ask(through);
  await ask(through);
  expect(seen.slice(2)).toEqual(['POST Bearer good']);
});

test('not twice, and not when there is no other: then it is told what to do', async () => {
  for (const [tokens, requests] of [
    [['old', 'older', 'good'], 2],
    [['old'], 1],
  ] as const) {
    const { result, parts } = await ask(await open({ token: tokensOf(...tokens) }));
    expect(seen).toHaveLength(requests);
    expect(result.status).toBe(401);
    expect(result.failure).toMatchObject({
      code: 'HTTP_401',
      message: 'the endpoint answered 401: Unauthorized',
      hint: expect.stringContaining('--token-command') as string,
    });
    expect(parts.filter(({ type }) => type === 'headers')).toHaveLength(1);
    await transport?.close();
    served?.close();
  }
});

test('a 401 of the function has passed the gate: no other token helps', async () => {
  const { result } = await ask(await open({ token: tokensOf('good-for-the-gate', 'good') }));
  expect(seen).toHaveLength(1);
  expect(result.failure).toMatchObject({ code: 'AGENT_UNAUTHORIZED' });
});

test('a token that a Lambda authorizer denies is exchanged once, too', async () => {
  const { result, parts } = await ask(await open({ token: tokensOf('denied', 'good') }));
  expect(seen).toEqual(['POST Bearer denied', 'POST Bearer good']);
  expect(result.metrics.outcome).toBe('ok');
  expect(parts.map(({ type }) => type)).toEqual(['sent', 'headers', 'chunk', 'end']);
});

test.each([
  ['not twice', ['denied', 'denied-too', 'good'], 2],
  ['not when there is no other', ['denied'], 1],
] as const)('a 403 of the gate: %s', async (_, tokens, requests) => {
  const { result, parts } = await ask(await open({ token: tokensOf(...tokens) }));
  expect(seen).toHaveLength(requests);
  expect(result.failure).toMatchObject({
    code: 'HTTP_403',
    message: 'the endpoint answered 403: User is not authorized to access this resource',
  });
  expect(parts.filter(({ type }) => type === 'headers')).toHaveLength(1);
});

test.each([
  ['good-for-a-stop-only', 'CALLER_UNKNOWN'],
  ['good-for-the-agent', 'AGENT_ACCESS_DENIED'],
])('a 403 of the function has passed the gate: %s', async (token, code) => {
  const { result } = await ask(await open({ token: tokensOf(token, 'good') }));
  expect(seen).toHaveLength(1);
  expect(result.failure).toMatchObject({ code });
});

test('a stop is let in the same way', async () => {
  const through = await open({ token: tokensOf('old', 'good') });
  await through.stop('s');
  expect(seen).toEqual(['DELETE Bearer old', 'DELETE Bearer good']);
  seen.length = 0;
  await (await open({ token: tokensOf('denied', 'good') })).stop('s');
  expect(seen).toEqual(['DELETE Bearer denied', 'DELETE Bearer good']);
});

test('what the token source throws is the failure of the turn', async () => {
  const failing = async (): Promise<string> => Promise.reject(new Error('no token today'));
  const { result } = await ask(await open({ token: failing }));
  expect(result.failure?.message).toBe('no token today');
  expect(seen).toEqual([]);
});

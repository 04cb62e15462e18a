import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AgentRuntime } from '../../lambda/agent-runtime.ts';
import { WireError } from '../../lambda/response.ts';
import { readAuthorization, verifySignature } from '../../src/emulator/kernel/sigv4.ts';

const ARN = 'arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/my_agent-AbCdEfGhIj';
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret/key+with=signs' };
const SESSION_ID = 'a'.repeat(33);
const TURN = {
  sessionId: SESSION_ID,
  qualifier: undefined,
  contentType: 'application/json',
  accept: 'text/event-stream, application/json',
  payload: '{"prompt":"grüß dich"}',
};

const RETRY_DELAYS_MS = [1, 2, 3];

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requests: { request: IncomingMessage; body: Buffer }[];
let runtime: AgentRuntime;

beforeEach(async () => {
  requests = [];
  answer = (_request, response) => response.end('ok');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ request, body: Buffer.concat(chunks) });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey });
  const config = {
    agentRuntimeArn: ARN,
    region: 'eu-west-1',
    endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    qualifier: 'DEFAULT',
    corsOrigins: ['*'],
    corsCredentials: false,
    userIdFrom: '',
    sessionScope: 'any',
    heartbeatMs: 0,
    flush: 'auto',
  } as const;
  runtime = new AgentRuntime(config, RETRY_DELAYS_MS);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  delete process.env['AWS_SESSION_TOKEN'];
});

const invoke = (): Promise<IncomingMessage> => runtime.invoke(TURN, new AbortController().signal);

/** The signature that the SDK's own signer makes for the same key, time and message. */
async function sdkAuthorization(at: Date): Promise<string> {
  let seen = '';
  const client = new BedrockAgentCoreClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: KEY,
    systemClockOffset: at.getTime() - Date.now(),
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { headers: Record<string, string> };
      seen = request.headers['authorization'] ?? '';
      return next(args);
    },
    { step: 'deserialize', priority: 'low' },
  );
  await client.send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: ARN,
      qualifier: 'DEFAULT',
      runtimeSessionId: SESSION_ID,
      contentType: TURN.contentType,
      accept: TURN.accept,
      payload: Buffer.from(TURN.payload),
    }),
  );
  client.destroy();
  return seen;
}

test('sends the call that the SDK sends: path, query, headers and body', async () => {
  (await invoke()).resume();
  await sdkAuthorization(new Date());
  const [ours, sdk] = requests;
  expect(ours?.request.url).toBe(sdk?.request.url);
  expect(ours?.request.url).toContain('/runtimes/arn%3Aaws%3Abedrock-agentcore');
  expect(ours?.request.method).toBe(sdk?.request.method);
  expect(ours?.body).toEqual(sdk?.body);
  for (const name of ['content-type', 'accept', 'x-amzn-bedrock-agentcore-runtime-session-id']) {
    expect(ours?.request.headers[name]).toBe(sdk?.request.headers[name]);
  }
});

test('verifies the SDK signature by the same algorithm that signs ours', async () => {
  (await invoke()).resume();
  await sdkAuthorization(new Date());
  expect(requests).toHaveLength(2);
  for (const { request, body } of requests) {
    const { method = '', url = '', headers } = request;
    const authorization = readAuthorization(headers);
    expect(authorization).toMatchObject({ service: 'bedrock-agentcore', region: 'eu-west-1' });
    expect(() => verifySignature({ method, url, headers, body }, authorization, KEY.secretAccessKey)).not.toThrow();
    expect(() => verifySignature({ method, url, headers, body: Buffer.from('{}') }, authorization, KEY.secretAccessKey)).toThrow(
      /does not match/,
    );
    // Encoded once only, the canonical path is another one.
    const singlyEncoded = decodeURIComponent(url);
    expect(() => verifySignature({ method, url: singlyEncoded, headers, body }, authorization, KEY.secretAccessKey)).toThrow(
      /does not match/,
    );
  }
});

test('names the user of a turn in a signed header, and nobody where none is known', async () => {
  const never = new AbortController().signal;
  (await runtime.invoke({ ...TURN, userId: 'ada@example.com' }, never)).resume();
  (await invoke()).resume();
  const [named, anonymous] = requests.map(({ request }) => request.headers);
  expect(named?.['x-amzn-bedrock-agentcore-runtime-user-id']).toBe('ada@example.com');
  expect(readAuthorization(named ?? {}).signedHeaders).toContain('x-amzn-bedrock-agentcore-runtime-user-id');
  expect(Object.keys(anonymous ?? {}).filter((name) => name.includes('user-id'))).toEqual([]);
});

test('signs with the session token and reads credentials at each call', async () => {
  (await invoke()).resume();
  process.env['AWS_SESSION_TOKEN'] = 'rotated';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDROTATED';
  (await invoke()).resume();
  expect(requests[0]?.request.headers['x-amz-security-token']).toBeUndefined();
  expect(requests[1]?.request.headers['x-amz-security-token']).toBe('rotated');
  expect(requests[1]?.request.headers.authorization).toContain('Credential=AKIDROTATED/');
});

test.each([
  [400, 'AGENT_REJECTED'],
  [401, 'AGENT_UNAUTHORIZED'],
  [402, 'QUOTA_EXCEEDED'],
  [403, 'AGENT_ACCESS_DENIED'],
  [404, 'AGENT_NOT_FOUND'],
  [409, 'SESSION_CONFLICT'],
  [413, 'PAYLOAD_TOO_LARGE'],
  [424, 'AGENT_ERROR'],
  [429, 'THROTTLED'],
  [500, 'AGENT_UNAVAILABLE'],
  [503, 'AGENT_UNAVAILABLE'],
  [504, 'AGENT_TIMEOUT'],
])('maps %i of the service to %s, without its own words', async (status, code) => {
  answer = (_request, response) => {
    response.writeHead(status, { 'x-amzn-RequestId': 'aws-1' });
    response.end(JSON.stringify({ message: `User: arn:aws:sts::123456789012:assumed-role/secret on ${ARN}` }));
  };
  const error = await invoke().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(WireError);
  expect(error).toMatchObject({ code, upstream: { upstreamStatus: status, awsRequestId: 'aws-1' } });
  expect((error as WireError).message).not.toMatch(/arn:|123456789012|secret|it answered/);
});

const conflict = (type: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(409, { 'x-amzn-ErrorType': type });
  response.end('{}');
};

test.each(['RetryableConflictException', 'RetryableConflictException:http://internal.amazon.com/'])(
  'tries a %s again, so often and not for ever',
  async (type) => {
    answer = conflict(type);
    await expect(invoke()).rejects.toMatchObject({ code: 'SESSION_CONFLICT' });
    expect(requests).toHaveLength(1 + RETRY_DELAYS_MS.length);
    expect(new Set(requests.map(({ body }) => String(body)))).toEqual(new Set([TURN.payload]));
  },
);

test.each(['ConflictException', 'ThrottlingException', ''])('tries a %j once', async (type) => {
  answer = conflict(type);
  await expect(invoke()).rejects.toMatchObject({ code: 'SESSION_CONFLICT' });
  expect(requests).toHaveLength(1);
});

test('stops trying when the turn is over', async () => {
  const over = new AbortController();
  answer = (request, response) => {
    conflict('RetryableConflictException')(request, response);
    if (requests.length === 2) over.abort();
  };
  await expect(runtime.invoke(TURN, over.signal)).rejects.toThrow();
  expect(requests).toHaveLength(2);
});

test('tries to stop a session again, too', async () => {
  answer = (request, response) => {
    if (requests.length < 3) conflict('RetryableConflictException')(request, response);
    else response.end('{}');
  };
  await runtime.stopSession(SESSION_ID);
  expect(requests).toHaveLength(3);
});

test("passes on the agent's own status, and nothing else, when the agent failed", async () => {
  answer = (_request, response) => {
    response.writeHead(424);
    response.end(`{"message":"Received error (503) from runtime. See ${ARN}"}`);
  };
  await expect(invoke()).rejects.toThrow('the agent failed to handle the request (it answered 503)');
});

test('does not wait for the end of an error that goes on and on', async () => {
  answer = (_request, response) => {
    response.writeHead(424);
    response.write('{"message":"Received error (503) from runtime.');
    response.write('x'.repeat(20_000));
  };
  await expect(invoke()).rejects.toThrow('the agent failed to handle the request (it answered 503)');
});

test('says that the service cannot be reached when the connection fails', async () => {
  answer = (request) => request.socket.destroy();
  await expect(invoke()).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' });
});

test('keeps its connection for ten seconds: the service may have closed one that waited longer', async () => {
  const ports: (number | undefined)[] = [];
  answer = (request, response) => {
    ports.push(request.socket.remotePort);
    response.end('ok');
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const idleMs of [0, 10_000, 10_001]) {
      vi.setSystemTime(Date.now() + idleMs);
      await text(await invoke());
    }
  } finally {
    vi.useRealTimers();
  }
  expect(ports[1]).toBe(ports[0]);
  expect(ports[2]).not.toBe(ports[0]);
});

test('stops a session, and tells a session that is gone from a runtime that is', async () => {
  await runtime.stopSession(SESSION_ID);
  expect(requests[0]?.request.url).toMatch(/\/stopruntimesession\?qualifier=DEFAULT$/);
  expect(requests[0]?.request.headers['x-amzn-bedrock-agentcore-runtime-session-id']).toBe(SESSION_ID);
  await runtime.stopSession(SESSION_ID, 'prod');
  expect(requests[1]?.request.url).toMatch(/\/stopruntimesession\?qualifier=prod$/);
  answer = (_request, response) => {
    response.writeHead(404);
    response.end('{}');
  };
  await expect(runtime.stopSession(SESSION_ID)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
});

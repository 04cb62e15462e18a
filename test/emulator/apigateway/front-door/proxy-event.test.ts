import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chunks, type Gateway, type Invocation, prelude, startGateway } from '../gateway-fixture.ts';
import { cases } from '../../../helpers/properties.ts';
import { httpCall } from '../http-call.ts';

let gateway: Gateway;
let invocation: Invocation | undefined;

beforeEach(async () => {
  gateway = await startGateway((given) => {
    invocation = given;
    return chunks(prelude({}));
  });
});
afterEach(() => gateway.close());

test('hands the request to the function as a version 1.0 proxy event', async () => {
  const { apiId, resourceId, deploymentId, invokeUrl } = await gateway.deploy();
  const answer = await httpCall(`${invokeUrl}?a=1&b=x%20y&a=2`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Twice': ['1', '2'],
      'User-Agent': 'test/1',
      Authorization: 'Bearer token',
      TE: 'trailers',
    },
    body: '{"prompt":"grüße"}',
  });
  expect(invocation?.event).toEqual({
    resource: '/invoke',
    path: '/invoke',
    httpMethod: 'POST',
    headers: expect.objectContaining({
      'Content-Type': 'application/json',
      'X-Twice': '2',
      Authorization: 'Bearer token',
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': String(gateway.port),
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    }),
    multiValueHeaders: expect.objectContaining({ 'X-Twice': ['1', '2'] }),
    queryStringParameters: { a: '2', b: 'x y' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'] },
    pathParameters: null,
    stageVariables: null,
    requestContext: expect.objectContaining({
      accountId: '123456789012',
      apiId,
      deploymentId,
      domainName: `127.0.0.1:${gateway.port}`,
      extendedRequestId: answer.headers['x-amz-apigw-id'],
      httpMethod: 'POST',
      identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'test/1', accessKey: null }),
      path: '/v1/invoke',
      protocol: 'HTTP/1.1',
      requestId: answer.headers['x-amzn-requestid'],
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      resourceId,
      resourcePath: '/invoke',
      stage: 'v1',
    }),
    body: '{"prompt":"grüße"}',
    isBase64Encoded: false,
  });
  expect(Object.keys(invocation?.event['headers'] as object)).not.toContain('TE');
  expect(invocation).toMatchObject({
    mode: 'streaming',
    source: {
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/v1/POST/invoke`,
    },
  });
});

test('has null for what is absent, and drops a signature that was meant for AWS', async () => {
  const { invokeUrl } = await gateway.deploy();
  await httpCall(invokeUrl, { method: 'POST', headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=x' } });
  expect(invocation?.event).toMatchObject({ body: null, queryStringParameters: null, multiValueQueryStringParameters: null });
  expect(invocation?.event['headers']).not.toHaveProperty('Authorization');
});

test('a header and a query member may have the name of something that every object has', async () => {
  const { invokeUrl } = await gateway.deploy();
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
  const headers = Object.fromEntries(names.map((name) => [name, 'x']));
  const query = names.map((name) => `${name}=y`).join('&');
  expect((await httpCall(`${invokeUrl}?${query}`, { method: 'POST', headers })).status).toBe(200);
  const event = invocation?.event as Record<string, Record<string, unknown>>;
  for (const name of names) {
    expect(Object.entries(event['headers'] ?? {})).toContainEqual([name, 'x']);
    expect(Object.entries(event['multiValueHeaders'] ?? {})).toContainEqual([name, ['x']]);
    expect(Object.entries(event['queryStringParameters'] ?? {})).toContainEqual([name, 'y']);
  }
});

test('any query string reaches the function decoded, every value of every name', async () => {
  const { invokeUrl } = await gateway.deploy();
  const agent = new Agent({ keepAlive: true });
  const call = (query: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { agent, method: 'POST', path: `${new URL(invokeUrl).pathname}?${query}`, port: gateway.port };
      request(options, (answer) => answer.resume().once('end', () => resolve(answer.statusCode)))
        .once('error', reject)
        .end();
    });
  const part = fc.constantFrom(
    'a',
    'b',
    '=',
    '&',
    '?',
    '/',
    '%',
    '%2',
    '%26',
    '%41',
    '%ff',
    '%00',
    '%f0%9f%8e%88',
    '+',
    '__proto__',
    'constructor',
    ';',
    '#',
    '[]',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 14 }), async (parts) => {
      const query = parts.join('');
      expect(await call(query)).toBe(200);
      const wanted = new URLSearchParams(query);
      const lists = (invocation?.event['multiValueQueryStringParameters'] ?? {}) as Record<string, string[]>;
      expect(new Map(Object.entries(lists))).toEqual(new Map([...wanted.keys()].map((name) => [name, wanted.getAll(name)])));
    }),
    { numRuns: cases(1_000) },
  );
  agent.destroy();
});

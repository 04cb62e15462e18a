import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../../src/emulator/kernel/aws-error.ts';
import {
  BUFFERED_URI,
  chunks,
  type FakeFunction,
  type Gateway,
  prelude,
  signedBy,
  startGateway,
  STREAM,
} from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

let gateway: Gateway;
let run: FakeFunction;
let refusal: AwsError | undefined;

beforeEach(async () => {
  refusal = undefined;
  run = ({ event }) => chunks(prelude({}), JSON.stringify(event));
  gateway = await startGateway(async (invocation) => {
    if (refusal) throw refusal;
    const answer = await run(invocation);
    return Symbol.asyncIterator in answer ? { payload: answer } : answer;
  });
});
afterEach(() => gateway.close());

const post = (url: string, headers: Record<string, string> = {}) => httpCall(url, { method: 'POST', headers });

describe('routing', () => {
  test.each([
    ['/nowhere', 'POST'],
    ['/invoke', 'GET'],
    ['/invoke/below', 'POST'],
    ['/', 'POST'],
  ])('answers %s %s as a missing authentication token', async (path, method) => {
    const { url } = await gateway.deploy();
    const answer = await httpCall(url + path, { method });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
    expect(answer.headers['x-amzn-requestid']).toBeDefined();
    expect(await answer.text()).toBe('{"message":"Missing Authentication Token"}');
  });

  test('forbids a stage that does not exist', async () => {
    const { apiId } = await gateway.deploy();
    const answer = await post(gateway.url(apiId, 'v2', '/invoke'));
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('ForbiddenException');
    expect(await answer.text()).toBe('{"message":"Forbidden"}');
  });

  test('prefers a literal part to a parameter and a parameter to a greedy one', async () => {
    const { url } = await gateway.deploy({
      async prepare({ apiId, rootId }) {
        for (const PathPart of ['{rest+}', '{id}']) {
          const { physicalId } = await gateway.create('Resource', { RestApiId: apiId, ParentId: rootId, PathPart });
          await gateway.create('Method', {
            RestApiId: apiId,
            ResourceId: physicalId,
            HttpMethod: 'ANY',
            AuthorizationType: 'NONE',
            Integration: STREAM,
          });
        }
      },
    });
    const parameters = async (path: string) =>
      (JSON.parse(await (await post(url + path)).text()) as { pathParameters: unknown }).pathParameters;
    expect(await parameters('/invoke/')).toBeNull();
    expect(await parameters('/a%20b')).toEqual({ id: 'a b' });
    expect(await parameters('/a/b/c')).toEqual({ rest: 'a/b/c' });
  });

  test('serves what was deployed, not what has been changed since', async () => {
    const { apiId, resourceId, invokeUrl } = await gateway.deploy();
    const properties = {
      RestApiId: apiId,
      ResourceId: resourceId,
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      ApiKeyRequired: true,
      Integration: STREAM,
    };
    await gateway.provider('Method').update('', properties, properties, gateway.context);
    expect((await post(invokeUrl)).status).toBe(200);
    const { physicalId } = await gateway.create('Deployment', { RestApiId: apiId });
    expect((await post(invokeUrl)).status).toBe(200);
    const stage = { RestApiId: apiId, StageName: 'v1', DeploymentId: physicalId };
    await gateway.provider('Stage').update('v1', stage, stage, gateway.context);
    expect((await post(invokeUrl)).status).toBe(403);
  });

  test('refuses a body over the limit', async () => {
    await gateway.close();
    gateway = await startGateway(undefined, { requestBytes: 10 });
    const { invokeUrl } = await gateway.deploy();
    const fits = await httpCall(invokeUrl, { method: 'POST', body: 'x'.repeat(10) });
    expect(fits.status).toBe(200);
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const answer = await httpCall(invokeUrl, { method: 'POST', headers, body: 'x'.repeat(11) });
      expect(answer.status).toBe(413);
      expect(await answer.text()).toBe('HTTP content length exceeded 10 bytes.');
    }
  });
});

describe('API keys', () => {
  const VALUE = 'k'.repeat(20);

  async function deployWithKey({ enabled = true, planned = true } = {}) {
    const deployed = await gateway.deploy({ method: { ApiKeyRequired: true } });
    const key = await gateway.create('ApiKey', { Value: VALUE, Enabled: enabled });
    const plan = await gateway.create('UsagePlan', {
      ApiStages: planned ? [{ ApiId: deployed.apiId, Stage: 'v1' }] : [],
      Throttle: { BurstLimit: 1, RateLimit: 1 },
    });
    await gateway.create('UsagePlanKey', { KeyId: key.physicalId, KeyType: 'API_KEY', UsagePlanId: plan.physicalId });
    return { ...deployed, keyId: key.physicalId };
  }

  test('lets a key of a usage plan of the stage in, and tells the function', async () => {
    const { invokeUrl, keyId } = await deployWithKey();
    const answer = await post(invokeUrl, { 'x-api-key': VALUE });
    const event = JSON.parse(await answer.text()) as { requestContext: { identity: object } };
    expect(event.requestContext.identity).toMatchObject({ apiKey: VALUE, apiKeyId: keyId });
  });

  test.each([
    ['no key', {}, {}],
    ['an unknown key', {}, { 'x-api-key': 'other' }],
    ['a disabled key', { enabled: false }, { 'x-api-key': VALUE }],
    ['a key in no usage plan of the stage', { planned: false }, { 'x-api-key': VALUE }],
  ])('forbids %s', async (_, setup, headers) => {
    const { invokeUrl } = await deployWithKey(setup);
    const answer = await post(invokeUrl, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('ForbiddenException');
    expect(await answer.text()).toBe('{"message":"Forbidden"}');
  });
});

describe('AWS_IAM', () => {
  test('wants a signature, and asks IAM about the caller', async () => {
    const { apiId, invokeUrl } = await gateway.deploy({ method: { AuthorizationType: 'AWS_IAM' } });
    expect(await (await post(invokeUrl)).text()).toBe('{"message":"Missing Authentication Token"}');

    const owner = await post(invokeUrl, signedBy('AKIAOWNER'));
    const event = JSON.parse(await owner.text()) as { headers: Record<string, string> };
    expect(event).toMatchObject({ requestContext: { identity: { accessKey: 'AKIAOWNER' } } });
    expect(Object.keys(event.headers).map((name) => name.toLowerCase())).not.toContain('authorization');

    const allow = (Resource: string) =>
      gateway.iam.putRole({
        name: 'r',
        arn: 'arn:aws:iam::123456789012:role/r',
        trustPolicy: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'x' } } },
        policies: new Map([['p', { Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource } }]]),
      });
    const base = `arn:aws:execute-api:eu-central-1:123456789012:${apiId}`;
    allow(`${base}/v1/POST/invoke`);
    const { accessKeyId } = gateway.iam.assumeRole('arn:aws:iam::123456789012:role/r', 'x');
    expect((await post(invokeUrl, signedBy(accessKeyId))).status).toBe(200);
    allow(`${base}/v1/GET/*`);
    const denied = await post(invokeUrl, signedBy(accessKeyId));
    expect(denied.status).toBe(403);
    expect(denied.headers['x-amzn-errortype']).toBe('AccessDeniedException');
    expect(await denied.text()).toContain('not authorized to perform: execute-api:Invoke');
  });
});

describe('gateway responses', () => {
  test('add headers and change the status of what the gateway says itself', async () => {
    const parameters = { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" };
    const { url, invokeUrl } = await gateway.deploy({
      async prepare({ apiId: RestApiId }) {
        const put = (ResponseType: string, more: object) =>
          gateway.create('GatewayResponse', { RestApiId, ResponseType, ...more });
        await put('DEFAULT_4XX', { ResponseParameters: parameters });
        await put('DEFAULT_5XX', { ResponseParameters: parameters, StatusCode: '503' });
        await put('MISSING_AUTHENTICATION_TOKEN', { StatusCode: '404' });
      },
    });
    const missing = await post(`${url}/nowhere`);
    expect(missing.status).toBe(404);
    expect(missing.headers).not.toHaveProperty('access-control-allow-origin');
    run = () => chunks('no prelude');
    const failed = await post(invokeUrl);
    expect(failed.status).toBe(503);
    expect(failed.headers['access-control-allow-origin']).toBe('*');
  });
});

describe('MOCK integration', () => {
  test('answers a CORS preflight', async () => {
    const header = 'method.response.header.Access-Control-Allow-Methods';
    const { invokeUrl } = await gateway.deploy({
      prepare: ({ apiId, resourceId }) =>
        gateway.create('Method', {
          RestApiId: apiId,
          ResourceId: resourceId,
          HttpMethod: 'OPTIONS',
          AuthorizationType: 'NONE',
          MethodResponses: [{ StatusCode: '204', ResponseParameters: { [header]: true } }],
          Integration: {
            Type: 'MOCK',
            RequestTemplates: { 'application/json': '{"statusCode": 204}' },
            PassthroughBehavior: 'NEVER',
            IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { [header]: "'POST,OPTIONS'" } }],
          },
        }),
    });
    const answer = await httpCall(invokeUrl, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-methods']).toBe('POST,OPTIONS');
    const other = { method: 'OPTIONS', headers: { 'content-type': 'text/plain' } };
    expect((await httpCall(invokeUrl, other)).status).toBe(415);
  });
});

describe('BUFFERED integration', () => {
  const buffered = { integration: { Uri: BUFFERED_URI, ResponseTransferMode: 'BUFFERED', TimeoutInMillis: 29_000 } };

  test('answers with what the JSON says', async () => {
    let mode: string | undefined;
    run = (invocation) => {
      mode = invocation.mode;
      return chunks('{"statusCode":201,"headers":{"a":"b"},', '"body":"hello"}');
    };
    const { invokeUrl } = await gateway.deploy(buffered);
    const answer = await post(invokeUrl);
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ a: 'b', 'content-length': '5' });
    expect(await answer.text()).toBe('hello');
    expect(mode).toBe('buffered');
  });

  test.each([
    ['another member', '{"statusCode":200,"cookies":[]}'],
    ['a body that is no text', '{"body":{"a":1}}'],
    ['no JSON', 'hello'],
  ])('answers 502 to %s', async (_, text) => {
    run = () => chunks(text);
    const { invokeUrl } = await gateway.deploy(buffered);
    expect((await post(invokeUrl)).status).toBe(502);
  });

  test('loses the body of a function that streams', async () => {
    run = () => chunks(prelude({ statusCode: 203, headers: { a: 'b' } }), 'lost');
    const { invokeUrl } = await gateway.deploy(buffered);
    const answer = await post(invokeUrl);
    expect(answer.status).toBe(203);
    expect(answer.headers['a']).toBe('b');
    expect(await answer.text()).toBe('');
  });
});

test.each([
  [403, 'AccessDeniedException'],
  [404, 'ResourceNotFoundException'],
  [429, 'TooManyRequestsException'],
])('answers 500 when Lambda refuses the call with %i', async (status, code) => {
  refusal = new AwsError(code, status, 'secret arn');
  const { invokeUrl } = await gateway.deploy();
  const answer = await post(invokeUrl);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('{"message":"Internal server error"}');
});

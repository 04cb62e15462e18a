import {
  APIGatewayClient,
  TestInvokeMethodCommand,
  type TestInvokeMethodCommandInput,
  type TestInvokeMethodCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import type { ApiGatewayLimits } from '../../../../src/emulator/apigateway/limits.ts';
import { BUFFERED_URI, chunks, type Gateway, prelude, startGateway } from '../gateway-fixture.ts';

let gateway: Gateway;
let client: APIGatewayClient;
afterEach(async () => {
  client.destroy();
  await gateway.close();
});

type FakeFunction = NonNullable<Parameters<typeof startGateway>[0]>;

/** Deploys a method that needs a signature and a key. @returns its TestInvokeMethod */
async function start(run: FakeFunction, limits: Partial<ApiGatewayLimits> = {}, integration = {}) {
  gateway = await startGateway(run, limits);
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  client = new APIGatewayClient({ endpoint: gateway.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  const { apiId: restApiId, resourceId } = await gateway.deploy({
    method: { ApiKeyRequired: true, AuthorizationType: 'AWS_IAM' },
    integration,
  });
  return (input: Partial<TestInvokeMethodCommandInput> = {}): Promise<TestInvokeMethodCommandOutput> =>
    client.send(new TestInvokeMethodCommand({ restApiId, resourceId, httpMethod: 'POST', ...input }));
}

test('runs the integration without key and signature, and collects a streamed answer', async () => {
  const events: Record<string, unknown>[] = [];
  const invoke = await start(({ event }) => {
    events.push(event);
    return chunks(prelude({ statusCode: 201, multiValueHeaders: { 'X-Two': ['a', 'b'] } }), 'one ', 'two');
  });
  const answer = await invoke({
    body: '{"prompt":"hi"}',
    headers: { 'X-Own': 'mine' },
    pathWithQueryString: '/invoke?q=1',
    stageVariables: { colour: 'red' },
  });
  expect(answer).toMatchObject({ status: 201, body: 'one two', log: '', headers: { 'X-Two': 'b' } });
  expect(answer.multiValueHeaders?.['X-Two']).toEqual(['a', 'b']);
  expect(answer.latency).toBeGreaterThanOrEqual(0);
  expect(events).toMatchObject([
    {
      body: '{"prompt":"hi"}',
      headers: { 'X-Own': 'mine' },
      path: '/invoke',
      queryStringParameters: { q: '1' },
      stageVariables: { colour: 'red' },
      requestContext: { stage: 'test-invoke-stage', identity: { sourceIp: 'test-invoke-source-ip' } },
    },
  ]);
});

test('a buffered method, and a function that fails, answer as a client would see it', async () => {
  const integration = { Uri: BUFFERED_URI, ResponseTransferMode: 'BUFFERED', TimeoutInMillis: 29_000 };
  const invoke = await start(
    ({ event }) => chunks(event['body'] === 'bad' ? 'no JSON' : '{"statusCode":202,"body":"whole"}'),
    {},
    integration,
  );
  expect(await invoke()).toMatchObject({ status: 202, body: 'whole' });
  expect(await invoke({ body: 'bad' })).toMatchObject({ status: 502, body: '{"message":"Internal server error"}' });
});

test('returns at its size, and after its time with what has come until then', async () => {
  const never = new Promise<void>(() => undefined);
  async function* slow(event: Record<string, unknown>): AsyncGenerator<Buffer> {
    if (event['body'] === 'silent') await never;
    yield Buffer.from(prelude({}));
    yield Buffer.from('abc');
    if (event['body'] === 'stuck') await never;
    for (let count = 0; count < 100; count += 1) yield Buffer.from('def');
  }
  const invoke = await start(({ event }) => slow(event), { testInvokeBytes: 5, testInvokeMs: 50 });
  expect(await invoke({ body: 'long' })).toMatchObject({ status: 200, body: 'abcde' });
  expect(await invoke({ body: 'stuck' })).toMatchObject({ status: 200, body: 'abc' });
  expect(await invoke({ body: 'silent' })).toMatchObject({ status: 0, body: '' });
});

test('names what it does not support, and what is not there', async () => {
  const invoke = await start(() => chunks(prelude({})));
  await expect(invoke({ clientCertificateId: 'x' })).rejects.toThrow('the emulator does not support clientCertificateId');
  await expect(invoke({ resourceId: 'nope' })).rejects.toMatchObject({ name: 'NotFoundException' });
});

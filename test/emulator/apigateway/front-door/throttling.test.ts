import { APIGatewayClient, GetUsageCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import type { Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { type Gateway, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

const KEY = 'k'.repeat(20);
let gateway: Gateway;
afterEach(() => gateway.close());

/** A stage whose method needs a key, a usage plan with these settings, and the way to change both. */
async function deploy(plan: Properties, stage: Properties = {}) {
  gateway = await startGateway();
  const deployed = await gateway.deploy({ method: { ApiKeyRequired: true } });
  const stageProperties = { RestApiId: deployed.apiId, StageName: 'v1', DeploymentId: deployed.deploymentId };
  await gateway.provider('Stage').update('v1', { ...stageProperties, ...stage }, stageProperties, gateway.context);
  const key = await gateway.create('ApiKey', { Value: KEY, Enabled: true });
  const ApiStages = [{ ApiId: deployed.apiId, Stage: 'v1' }];
  const { physicalId } = await gateway.create('UsagePlan', { ApiStages, ...plan });
  await gateway.create('UsagePlanKey', { KeyId: key.physicalId, KeyType: 'API_KEY', UsagePlanId: physicalId });
  const post = async (headers: Record<string, string> = { 'x-api-key': KEY }) => {
    const answer = await httpCall(deployed.invokeUrl, { method: 'POST', headers, body: '{}' });
    return [answer.status, answer.headers['x-amzn-errortype'], await answer.text()];
  };
  const updatePlan = (next: Properties) =>
    gateway.provider('UsagePlan').update(physicalId, { ApiStages, ...next }, {}, gateway.context);
  const keyUsage = async (dates: { readonly startDate: string; readonly endDate: string }) => {
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    const client = new APIGatewayClient({ endpoint: gateway.endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
    const ask = (keyId?: string) => client.send(new GetUsageCommand({ usagePlanId: physicalId, keyId, ...dates }));
    return { all: (await ask()).items, one: (await ask(key.physicalId)).items, other: (await ask('nope')).items };
  };
  return { post, updatePlan, keyUsage };
}

const OK = [200, undefined, ''];
const TOO_MANY = [429, 'TooManyRequestsException', '{"message":"Too Many Requests"}'];
const EXCEEDED = [429, 'LimitExceededException', '{"message":"Limit Exceeded"}'];

test('a usage plan throttles in API Gateway’s words; an update of it counts at once', async () => {
  const { post, updatePlan } = await deploy({ Throttle: { RateLimit: 0, BurstLimit: 2 } });
  expect([await post(), await post(), await post()]).toEqual([OK, OK, TOO_MANY]);
  await updatePlan({ Throttle: { RateLimit: 0, BurstLimit: 1 } });
  expect([await post(), await post()]).toEqual([OK, TOO_MANY]);
  await updatePlan({});
  expect(await post()).toEqual(OK);
});

test('a quota that is used up has words of its own', async () => {
  const { post, updatePlan } = await deploy({ Quota: { Limit: 1, Period: 'MONTH' } });
  expect([await post(), await post()]).toEqual([OK, EXCEEDED]);
  await updatePlan({ Quota: { Limit: 2, Period: 'MONTH' } });
  expect([await post(), await post()]).toEqual([OK, EXCEEDED]);
});

test('GetUsage tells for each day and key what is used and what remains of the quota', async () => {
  const { post, updatePlan, keyUsage } = await deploy({ Quota: { Limit: 5, Period: 'MONTH' } });
  await post();
  await post();
  const today = new Date().toISOString().slice(0, 10);
  const days = { startDate: today, endDate: today };
  expect(await keyUsage(days)).toEqual({ all: { [KEY]: [[2, 3]] }, one: { [KEY]: [[2, 3]] }, other: {} });
  for (const wrong of [
    { startDate: today, endDate: '2020-01-01' },
    { startDate: '2020-01-01', endDate: today },
    { startDate: 'yesterday', endDate: today },
  ])
    await expect(keyUsage(wrong)).rejects.toMatchObject({ name: 'BadRequestException' });
  await updatePlan({});
  expect((await keyUsage(days)).all).toEqual({});
});

test('a request without its key is forbidden, not throttled, and costs nothing', async () => {
  const { post } = await deploy({ Throttle: { RateLimit: 0, BurstLimit: 1 } });
  expect((await post({}))[0]).toBe(403);
  expect([await post(), (await post({}))[0], await post()]).toEqual([OK, 403, TOO_MANY]);
});

test('a stage throttles its methods', async () => {
  const MethodSettings = [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 0, ThrottlingBurstLimit: 1 }];
  const { post } = await deploy({}, { MethodSettings });
  expect([await post(), await post()]).toEqual([OK, TOO_MANY]);
});

test('so does the account', async () => {
  gateway = await startGateway(undefined, { accountRateLimit: 0, accountBurstLimit: 1 });
  const { invokeUrl } = await gateway.deploy();
  const status = async () => (await httpCall(invokeUrl, { method: 'POST' })).status;
  expect([await status(), await status()]).toEqual([200, 429]);
});

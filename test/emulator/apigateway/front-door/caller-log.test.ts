import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createUserPools } from '../../../../src/emulator/cognito/service.ts';
import type { Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { BUFFERED_URI, chunks, type Gateway, prelude, signedBy, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

const POOL = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Pool1';
const FIELDS = [
  'status',
  'identity.sourceIp',
  'identity.userArn',
  'authorizer.principalId',
  'authorizer.plan',
  'authorizer.claims.sub',
  'authorizer.error',
  'error.message',
  'error.messageString',
  'error.responseType',
  'wafResponseCode',
];
const pools = createUserPools([POOL]);
let gateway: Gateway;
let waf: 'allow' | 'block' | undefined;
let principal: string;

beforeEach(async () => {
  waf = undefined;
  principal = 'ada';
  gateway = await startGateway(
    ({ mode }) =>
      mode === 'streaming'
        ? chunks(prelude({}))
        : chunks(
            JSON.stringify({
              principalId: principal,
              context: { plan: 'gold' },
              policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
            }),
          ),
    {},
    undefined,
    { verifyToken: pools.verify, waf: { webAclOf: () => 'arn', inspect: () => waf } },
  );
  await gateway.create('Account', { CloudWatchRoleArn: 'arn:aws:iam::1:role/logs' });
});
afterEach(() => gateway.close());

interface Given {
  readonly authorizer?: Properties;
  readonly method?: Properties;
  readonly api?: Properties;
}

/** The log line of one call. */
async function lineOf(Format: string, given: Given, headers: Record<string, string> = {}, path = ''): Promise<string> {
  const { apiId, deploymentId, invokeUrl } = await gateway.deploy(given);
  const stage = { RestApiId: apiId, StageName: 'v1', DeploymentId: deploymentId };
  const AccessLogSetting = { DestinationArn: 'arn:aws:logs:x:1:log-group:g', Format };
  await gateway.provider('Stage').update('v1', { ...stage, AccessLogSetting }, stage, gateway.context);
  const call = { method: 'POST', headers: { 'x-emulator-source-ip': '192.0.2.1', ...headers } };
  await (await httpCall(invokeUrl + path, call)).text();
  await expect.poll(() => gateway.logLines.length).toBeGreaterThan(0);
  return gateway.logLines.pop() ?? '';
}

/** The values of the log line of one call, those that it has. */
async function logged(given: Given, headers: Record<string, string> = {}) {
  const values = (await lineOf(FIELDS.map((field) => `$context.${field}`).join('|'), given, headers)).split('|');
  return Object.fromEntries(FIELDS.map((field, at) => [field, values[at]]).filter(([, value]) => value !== '-'));
}
const COGNITO = { Type: 'COGNITO_USER_POOLS', IdentitySource: 'method.request.header.Authorization', ProviderARNs: [POOL] };

test('what an authorizer has found out', async () => {
  const authorizer = { Type: 'REQUEST', AuthorizerUri: BUFFERED_URI, AuthorizerResultTtlInSeconds: 0 };
  expect(await logged({ authorizer })).toEqual({
    status: '200',
    'identity.sourceIp': '192.0.2.1',
    'authorizer.principalId': 'ada',
    'authorizer.plan': 'gold',
  });
  const authorization = await pools.issueToken(POOL, { sub: 'bob' });
  expect(await logged({ authorizer: COGNITO }, { authorization })).toMatchObject({
    status: '200',
    'authorizer.claims.sub': 'bob',
  });
});

test('why it let nobody in', async () => {
  expect(await logged({ authorizer: COGNITO })).toEqual({
    status: '401',
    'identity.sourceIp': '192.0.2.1',
    'authorizer.error': 'Unauthorized',
    'error.message': 'Unauthorized',
    'error.messageString': '"Unauthorized"',
    'error.responseType': 'UNAUTHORIZED',
  });
});

test('who signed', async () => {
  expect(await logged({ method: { AuthorizationType: 'AWS_IAM' } }, signedBy('AKIAX'))).toMatchObject({
    'identity.userArn': 'arn:aws:iam::123456789012:root',
  });
});

test('what the web ACL said', async () => {
  waf = 'allow';
  expect(await logged({})).toMatchObject({ status: '200', wafResponseCode: 'WAF_ALLOW' });
  waf = 'block';
  expect(await logged({})).toMatchObject({ status: '403', wafResponseCode: 'WAF_BLOCK', 'error.responseType': 'WAF_FILTERED' });
});

test('no caller can break the line of our own format', async () => {
  const Format = /Format: '(\{.*\})'/.exec(readFileSync('src/templates/stack.yaml', 'utf8'))?.[1] ?? '';
  principal = 'a"da\n\\';
  const authorizer = { Type: 'REQUEST', AuthorizerUri: BUFFERED_URI, AuthorizerResultTtlInSeconds: 0 };
  const hostile = { 'user-agent': 'a"gent', 'x-forwarded-for': '"', referer: '"' };
  const good = JSON.parse(await lineOf(Format, { authorizer }, hostile, '?a="b')) as object;
  expect(good).toMatchObject({ status: '200', errorType: '-', path: '/invoke' });
  const refused = await lineOf(Format, { method: { AuthorizationType: 'AWS_IAM' } }, { authorization: 'AWS4 "\\"' });
  expect(JSON.parse(refused)).toMatchObject({ status: '403' });
  expect(JSON.parse(await lineOf(Format, {}, hostile, '/"no"where'))).toMatchObject({ status: '403', caller: '-' });
});

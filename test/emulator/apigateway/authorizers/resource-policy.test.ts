import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createIam } from '../../../../src/emulator/iam/service.ts';
import type { Json, Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { chunks, type Gateway, PLACE, prelude, signedBy, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

const CALL = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
const allow = (more: Properties = {}): Json => ({ Effect: 'Allow', ...CALL, ...more });
const deny = (Condition: Properties, more: Properties = {}): Json => ({ Effect: 'Deny', ...CALL, Condition, ...more });

let gateway: Gateway;
beforeEach(async () => {
  const run = ({ event }: { event: object }) => chunks(prelude({}), JSON.stringify(event));
  const iam = createIam(PLACE, {
    principals: [
      { accessKeyId: 'AKIAMAY', secretAccessKey: 'x', policy: invoke('Allow') },
      { accessKeyId: 'AKIANOT', secretAccessKey: 'x', policy: { Statement: [] } },
      { accessKeyId: 'AKIADENIED', secretAccessKey: 'x', policy: invoke('Deny') },
      { accessKeyId: 'AKIAAWAY', secretAccessKey: 'x', accountId: '999999999999', policy: invoke('Allow') },
    ],
  });
  gateway = await startGateway(run, {}, undefined, { iam });
});
afterEach(() => gateway.close());

function invoke(Effect: 'Allow' | 'Deny') {
  return { Statement: { Effect, Action: 'execute-api:Invoke', Resource: '*' } };
}

async function deploy(Statement: Json[], endpointType = 'REGIONAL', method: Properties = {}) {
  const { invokeUrl } = await gateway.deploy({ api: { Policy: { Statement } }, endpointType, method });
  const call = (headers: Record<string, string>) => httpCall(invokeUrl, { method: 'POST', headers });
  return {
    call,
    async status(headers: Record<string, string> = {}) {
      return (await call(headers)).status;
    },
    async from(address: string) {
      return (await call({ 'x-emulator-source-ip': address })).status;
    },
  };
}

describe('without an authorization type', () => {
  test('a policy has to allow explicitly, in words that hide the account', async () => {
    const { call } = await deploy([allow({ Resource: 'execute-api:/*/GET/*' })]);
    const answer = await call({});
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, 'AccessDeniedException']);
    expect(await answer.text()).toMatch(
      /^{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:\*{8}9012:\w+\/v1\/POST\/invoke"}$/,
    );
  });

  test('addresses outside of a list are denied, IPv4 and IPv6', async () => {
    const list = ['192.0.2.0/24', '198.51.100.7', '2001:db8::/32'];
    const { from, call } = await deploy([allow(), deny({ NotIpAddress: { 'aws:SourceIp': list } })]);
    const seen = ['192.0.2.255', '192.0.3.0', '198.51.100.7', '198.51.100.8', '2001:db8:1::1', '2001:db9::1'];
    expect(await Promise.all(seen.map(from))).toEqual([200, 403, 200, 403, 200, 403]);
    const answer = await call({});
    expect(await answer.text()).toContain(' with an explicit deny');
  });

  test('addresses are allowed by IpAddress', async () => {
    const { from } = await deploy([allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })]);
    expect([await from('10.1.2.3'), await from('11.1.2.3')]).toEqual([200, 403]);
  });

  test('an account is nobody who has not signed', async () => {
    const root = { AWS: 'arn:aws:iam::123456789012:root' };
    expect(await (await deploy([allow({ Principal: root })])).status()).toBe(403);
  });

  test('all conditions have to hold, and StringEquals, Bool and user agents are known', async () => {
    const Condition = { StringEquals: { 'aws:UserAgent': ['a/1', 'b/1'] }, Bool: { 'aws:SecureTransport': 'true' } };
    const { status } = await deploy([allow({ Condition })]);
    expect([await status({ 'user-agent': 'b/1' }), await status({ 'user-agent': 'c' })]).toEqual([200, 403]);
  });

  test('the function sees the address, and none of the emulator’s headers', async () => {
    const { call } = await deploy([allow()]);
    const text = await (await call({ 'x-emulator-source-ip': '203.0.113.9' })).text();
    const event = JSON.parse(text) as { headers: object; requestContext: object };
    expect(event.requestContext).toMatchObject({ identity: { sourceIp: '203.0.113.9' } });
    expect(event.headers).toMatchObject({ 'X-Forwarded-For': '203.0.113.9' });
    expect(Object.keys(event.headers).join(' ')).not.toContain('emulator');
  });
});

describe('a private API', () => {
  const VPCE = { 'aws:SourceVpce': ['vpce-1', 'vpce-2'] };

  test('answers by its endpoints only, and knows the address within the VPC', async () => {
    const { status, call } = await deploy(
      [allow(), deny({ StringNotEquals: VPCE }), deny({ NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/16' } })],
      'PRIVATE',
    );
    const by = (vpce: string, ip = '10.0.1.1') => ({ 'x-emulator-vpce': vpce, 'x-emulator-source-ip': ip });
    expect(await status(by('vpce-2'))).toBe(200);
    expect(await status(by('vpce-3'))).toBe(403);
    expect(await status(by('vpce-1', '10.9.1.1'))).toBe(403);
    const outside = await call({});
    expect([outside.status, await outside.text()]).toEqual([403, '{"message":"Forbidden"}']);
    const { requestContext } = JSON.parse(await (await call(by('vpce-1'))).text()) as { requestContext: object };
    expect(requestContext).toMatchObject({ identity: { sourceIp: '10.0.1.1', vpceId: 'vpce-1' } });
  });

  test('a condition on the public address denies what comes by an endpoint', async () => {
    const { status } = await deploy([allow(), deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })], 'PRIVATE');
    expect(await status({ 'x-emulator-vpce': 'vpce-1', 'x-emulator-source-ip': '10.0.0.1' })).toBe(403);
  });

  test('cannot be deployed without a policy', async () => {
    await expect(gateway.deploy({ endpointType: 'PRIVATE' })).rejects.toThrow(
      "Private REST API doesn't have a resource policy attached to it",
    );
  });
});

describe('with AWS_IAM', () => {
  const statuses = async (statement: Json[]) => {
    const { status } = await deploy(statement, 'REGIONAL', { AuthorizationType: 'AWS_IAM' });
    const keys = ['AKIAMAY', 'AKIANOT', 'AKIADENIED', 'AKIAAWAY'];
    return Promise.all(keys.map((key) => status(signedBy(key))));
  };
  const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
  const user = (name: string) => ({ AWS: `arn:aws:iam::123456789012:user/${name}` });

  test('in one account either policy is enough, a deny of either is final, other accounts need both', async () => {
    // A policy that names nobody here: callers have their own.
    expect(await statuses([allow({ Principal: user('x') })])).toEqual([200, 403, 403, 403]);
    expect(await statuses([allow({ Principal: user('AKIANOT') })])).toEqual([200, 200, 403, 403]);
    expect(await statuses([allow()])).toEqual([200, 200, 403, 200]);
    expect(await statuses([allow({ Principal: root('999999999999') })])).toEqual([200, 403, 403, 200]);
    const always = { Bool: { 'aws:SecureTransport': 'true' } };
    expect(await statuses([allow(), deny(always)])).toEqual([403, 403, 403, 403]);
    expect(await statuses([allow(), deny(always, { Principal: user('AKIAMAY') })])).toEqual([403, 200, 403, 200]);
  });

  test('the account’s root hands the decision to the account’s own policies', async () => {
    expect(await statuses([allow({ Principal: root('123456789012') })])).toEqual([200, 403, 403, 403]);
  });
});

test('a policy reaches clients with the next deployment', async () => {
  const { apiId, invokeUrl } = await gateway.deploy({ api: { Policy: { Statement: [allow()] } } });
  const status = async () => (await httpCall(invokeUrl, { method: 'POST' })).status;
  const update = (Policy: Json) => gateway.provider('RestApi').update(apiId, { Name: 'api', Policy }, {}, gateway.context);
  await update({ Statement: [deny({})] });
  expect(await status()).toBe(200);
  const { physicalId } = await gateway.create('Deployment', { RestApiId: apiId });
  const stage = { RestApiId: apiId, StageName: 'v1', DeploymentId: physicalId };
  await gateway.provider('Stage').update('v1', stage, stage, gateway.context);
  expect(await status()).toBe(403);
});

test.each([
  ['no statement', { Version: '2012-10-17' }, 'Statement'],
  ['nobody', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, 'Principals are valid'],
  ['an operator that is not known', { Statement: [allow({ Condition: { DateLessThan: {} } })] }, 'DateLessThan'],
  ['no JSON', '{', 'Syntax errors'],
])('a policy with %s is refused', async (_, Policy, message) => {
  await expect(gateway.create('RestApi', { Name: 'api', Policy })).rejects.toThrow(message);
});

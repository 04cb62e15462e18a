import { SignJWT, generateKeyPair } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Json, Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { createUserPools, type UserPools } from '../../../../src/emulator/cognito/service.ts';
import { chunks, type Gateway, prelude, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

const POOL = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Pool1';
const OTHER = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Other';
const COGNITO = { Type: 'COGNITO_USER_POOLS', IdentitySource: 'method.request.header.Authorization', ProviderARNs: [POOL] };
const UNAUTHORIZED = [401, 'UnauthorizedException', '{"message":"Unauthorized"}'];
const PAST = Math.floor(Date.now() / 1_000) - 10;

let pools: UserPools;
let gateway: Gateway;

beforeAll(() => {
  pools = createUserPools([POOL, OTHER]);
});
beforeEach(async () => {
  const run = ({ event }: { event: object }) => chunks(prelude({}), JSON.stringify(event));
  gateway = await startGateway(run, {}, undefined, { verifyToken: pools.verify });
});
afterEach(() => gateway.close());

async function deploy(method: Properties = {}, authorizer: Properties = {}, api: Properties = {}) {
  const { invokeUrl } = await gateway.deploy({ authorizer: { ...COGNITO, ...authorizer }, method, api });
  const call = (authorization?: string) =>
    httpCall(invokeUrl, { method: 'POST', headers: authorization === undefined ? {} : { authorization } });
  return {
    /** What the function was told about the caller. */
    async caller(token: string) {
      const event = JSON.parse(await (await call(token)).text()) as {
        requestContext: { authorizer: { claims: Record<string, Json> } };
      };
      return event.requestContext.authorizer.claims;
    },
    async post(authorization?: string) {
      const { status, headers, text } = await call(authorization);
      return [status, headers['x-amzn-errortype'], status === 200 ? '' : await text()];
    },
  };
}
const OK = [200, undefined, ''];

test('an identity token lets its owner in, with or without Bearer, and its claims reach the function as text', async () => {
  const { post, caller } = await deploy();
  const token = await pools.issueToken(POOL, { sub: 'ada', email_verified: true, 'cognito:groups': ['a', 'b'] });
  expect([await post(token), await post(`Bearer ${token}`)]).toEqual([OK, OK]);
  expect(await caller(token)).toMatchObject({
    sub: 'ada',
    iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool1',
    email_verified: 'true',
    'cognito:groups': 'a,b',
    exp: expect.stringMatching(/^\d+$/),
  });
});

test('no token, an empty one, no JWT, another pool, another key, another issuer, no expiry: unauthorised', async () => {
  const { post } = await deploy();
  const { privateKey } = await generateKeyPair('RS256');
  const iss = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool1';
  const forge = new SignJWT({ sub: 'eve', token_use: 'id', iss }).setExpirationTime('1h');
  const forged = await forge.setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  const good = await pools.issueToken(POOL, { sub: 'ada' });
  const [header = '', , signature = ''] = good.split('.');
  const edited = Buffer.from(JSON.stringify({ sub: 'eve', token_use: 'id', iss })).toString('base64url');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${edited}.`;
  for (const token of [
    undefined,
    'Bearer ',
    'Bearer nonsense',
    await pools.issueToken(OTHER),
    forged,
    unsigned,
    `${header}.${edited}.${signature}`,
    await pools.issueToken(POOL, { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/x' }),
    await pools.issueToken(POOL, { exp: undefined }),
  ]) {
    expect(await post(token)).toEqual(UNAUTHORIZED);
  }
});

test('an expired token is told so, one of somebody else’s is not', async () => {
  const { post } = await deploy();
  expect(await post(await pools.issueToken(POOL, { exp: PAST }))).toEqual([
    401,
    'UnauthorizedException',
    '{"message":"The incoming token has expired"}',
  ]);
  expect(await post(await pools.issueToken(OTHER, { exp: PAST }))).toEqual(UNAUTHORIZED);
});

test('a method without scopes wants an identity token, one with scopes an access token that has one of them', async () => {
  const id = await pools.issueToken(POOL);
  const access = await pools.issueToken(POOL, { scope: 'api/read api/write' });
  const open = await deploy();
  expect([await open.post(id), await open.post(access)]).toEqual([OK, UNAUTHORIZED]);

  const scoped = await deploy({ AuthorizationScopes: ['api/write', 'api/admin'] });
  expect([await scoped.post(access), await scoped.post(id)]).toEqual([OK, UNAUTHORIZED]);
  const denied = [403, 'AccessDeniedException', '{"Message":"User is not authorized to access this resource"}'];
  for (const scope of ['api/read', 'api/writes', '']) {
    expect(await scoped.post(await pools.issueToken(POOL, { scope }))).toEqual(denied);
  }
});

test('the status for a wrong scope is an option', async () => {
  await gateway.close();
  gateway = await startGateway(undefined, { scopeMismatchStatus: 401 }, undefined, { verifyToken: pools.verify });
  const { post } = await deploy({ AuthorizationScopes: ['api/write'] });
  expect(await post(await pools.issueToken(POOL, { scope: 'api/read' }))).toEqual(UNAUTHORIZED);
});

test('the audience can be bounded, and any of several pools will do', async () => {
  const { post } = await deploy({}, { IdentityValidationExpression: '^web$', ProviderARNs: [OTHER, POOL] });
  expect(await post(await pools.issueToken(POOL, { aud: 'web' }))).toEqual(OK);
  expect(await post(await pools.issueToken(POOL, { aud: 'website' }))).toEqual(UNAUTHORIZED);
  expect(await post(await pools.issueToken(POOL, { aud: 'web', exp: PAST }))).toHaveProperty('0', 401);
});

test('a resource policy has to allow what the token has let in', async () => {
  const Policy = {
    Statement: { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*/GET/*' },
  };
  const { post } = await deploy({}, {}, { Policy });
  expect(await post()).toEqual(UNAUTHORIZED);
  expect((await post(await pools.issueToken(POOL))).slice(0, 2)).toEqual([403, 'AccessDeniedException']);
});

test('a gateway response says 401 in its own way', async () => {
  const parameters = { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" };
  const { invokeUrl } = await gateway.deploy({
    authorizer: COGNITO,
    prepare: ({ apiId }) =>
      gateway.create('GatewayResponse', { RestApiId: apiId, ResponseType: 'UNAUTHORIZED', ResponseParameters: parameters }),
  });
  const answer = await httpCall(invokeUrl, { method: 'POST' });
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([401, '*']);
});

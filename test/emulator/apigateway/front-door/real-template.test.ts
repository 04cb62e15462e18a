import { afterEach, expect, test } from 'vitest';
import { echoAgent } from '../../../../src/emulator/index.ts';
import { type Chain, type ChainOptions, startChain } from '../../../helpers/chain.ts';
import { send } from '../../../helpers/post.ts';

const POOL = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Pool1';
const COGNITO = { AuthMode: 'cognito', UserPoolArn: POOL };
const ORIGIN = 'https://b.example';

let chain: Chain;
afterEach(() => chain.close());

async function start(parameters: Record<string, string>, options: ChainOptions = {}) {
  chain = await startChain(echoAgent(), { userPools: [POOL], ...options, parameters });
}
/** Status, who says it, and the origin that may read it. */
async function post(headers: Record<string, string> = {}, base = chain.url) {
  const answer = await send('POST', `${base}/invoke`, { prompt: 'hi' }, headers);
  const { 'x-amzn-errortype': type, 'access-control-allow-origin': origin } = answer.headers;
  return [answer.status, type, origin];
}
const bearer = async (claims: object) => ({ authorization: `Bearer ${await chain.emulator.issueToken(POOL, { ...claims })}` });

test('cognito: an identity token, or an access token with a scope, as the stack wants it', async () => {
  await start({ ...COGNITO, CorsOrigins: '*' });
  expect(await post(await bearer({ sub: 'ada' }))).toEqual([200, undefined, '*']);
  expect(await post()).toEqual([401, 'UnauthorizedException', '*']);
  expect(await post(await bearer({ scope: 'api/call' }))).toEqual([401, 'UnauthorizedException', '*']);
  await chain.close();
  await start({ ...COGNITO, AuthScopes: 'api/call,api/admin' });
  expect((await post(await bearer({ scope: 'api/call' })))[0]).toBe(200);
  expect((await post(await bearer({ scope: 'api/other' })))[0]).toBe(403);
});

test('addresses outside of a list are kept out, and a page may read why', async () => {
  await start({ AllowCidrs: '192.0.2.0/24,2001:db8::/32', CorsOrigins: '*' });
  const from = (address: string) => post({ 'x-emulator-source-ip': address });
  expect(await from('192.0.2.7')).toEqual([200, undefined, '*']);
  expect(await from('2001:db8::1')).toEqual([200, undefined, '*']);
  expect(await from('192.0.3.7')).toEqual([403, 'AccessDeniedException', '*']);
});

test('a private API answers by its endpoints', async () => {
  await start({ EndpointType: 'PRIVATE', VpcEndpointIds: 'vpce-1,vpce-2' });
  const by = async (endpoint: string) => (await post({ 'x-emulator-vpce': endpoint }))[0];
  expect([await by('vpce-1'), await by('vpce-2'), await by('vpce-3')]).toEqual([200, 200, 403]);
  expect((await post())[0]).toBe(403);
});

test('a custom domain, with the URL of the stage beside it', async () => {
  await start({
    DomainName: 'api.example.com',
    CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1',
    BasePath: 'agent',
  });
  const domain = `${chain.emulator.url}/_aws/domain/api.example.com`;
  expect((await post({}, `${domain}/agent`))[0]).toBe(200);
  expect((await post({}, domain))[0]).toBe(403);
  expect((await post())[0]).toBe(200);
});

test('a list of origins: the preflight names the one that asks, if it is of the list', async () => {
  await start({ CorsOrigins: `https://a.example,${ORIGIN}`, CorsCredentials: 'on' });
  const preflight = async (Origin: string) => {
    const { headers, status } = await send('OPTIONS', `${chain.url}/invoke`, undefined, { Origin });
    return [status, headers['access-control-allow-origin']];
  };
  expect(await preflight(ORIGIN)).toEqual([204, ORIGIN]);
  expect(await preflight('https://evil.example')).toEqual([204, undefined]);
});

test('the web ACL of the stack lets the limit pass', async () => {
  await start({ Waf: 'managed', WafRateLimit: '10' });
  const statuses = [];
  for (let count = 0; count < 11; count += 1) statuses.push((await post())[0]);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 403]);
});

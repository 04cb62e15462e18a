import { expect, test } from 'vitest';
import { baseUrl, endpointUrl, idleLimitOf, stageUrl } from '../../src/endpoint/endpoint.ts';
import { authForUrl, tokenHeaderOf } from '../../src/endpoint/endpoint-auth.ts';
import type { Stack } from '../../src/aws/describe-stack.ts';

const API_URL = 'https://abc.execute-api.eu-west-1.amazonaws.com/v1';
const EMULATOR = { endpointUrl: 'http://127.0.0.1:4747' };
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

function stackOf(outputs: Record<string, string>, parameters: Record<string, string> = {}): Stack {
  const common = { ApiId: 'abc', StageName: 'v1', ApiUrl: API_URL, Url: API_URL };
  return { name: 's', parameters, outputs: { ...common, ...outputs } } as unknown as Stack;
}
const DOMAIN = { DomainName: 'agent.example.com', Url: 'https://agent.example.com/v2' };
const ROOT = { DomainName: 'agent.example.com', Url: 'https://agent.example.com' };

test.each([
  ['the stage', stackOf({}), API_URL, `${EMULATOR.endpointUrl}/_aws/execute-api/abc/v1`],
  [
    'a domain with a base path',
    stackOf(DOMAIN),
    'https://agent.example.com/v2',
    `${EMULATOR.endpointUrl}/_aws/domain/agent.example.com/v2`,
  ],
  [
    'a domain without',
    stackOf(ROOT),
    'https://agent.example.com',
    `${EMULATOR.endpointUrl}/_aws/domain/agent.example.com`,
  ],
])('%s: on AWS by its name, on an emulator by its path', (_name, stack, onAws, onEmulator) => {
  expect(endpointUrl(stack, {})).toBe(onAws);
  expect(endpointUrl(stack, EMULATOR)).toBe(onEmulator);
});

test('the stage can be reached beside its domain', () => {
  expect(stageUrl(stackOf(DOMAIN), {})).toBe(API_URL);
  expect(stageUrl(stackOf(DOMAIN), EMULATOR)).toBe(
    `${EMULATOR.endpointUrl}/_aws/execute-api/abc/v1`,
  );
});

test('a stack without an endpoint says what to do', () => {
  expect(() => endpointUrl(stackOf({ ApiUrl: '', Url: '' }), {})).toThrow('has no endpoint');
});

test.each([
  ['EDGE', 30_000],
  ['REGIONAL', 300_000],
  ['PRIVATE', 300_000],
])('%s has its idle limit', (type, limit) => {
  expect(idleLimitOf(stackOf({ EndpointType: type }), {})).toBe(limit);
});

test.each(['https://a.example/v1', 'https://a.example/v1/', 'https://a.example/v1/invoke'])(
  'takes %s for a base URL',
  (text) => {
    expect(baseUrl(text)).toBe('https://a.example/v1');
  },
);

test('--sigv4 signs for the Region of the host, else for one’s own', async () => {
  const access = { region: 'us-east-1', credentials };
  expect(await authForUrl(API_URL, { sigv4: true }, access)).toMatchObject({
    type: 'iam',
    region: 'eu-west-1',
  });
  expect(await authForUrl('https://a.example', { sigv4: true }, access)).toMatchObject({
    type: 'iam',
    region: 'us-east-1',
  });
});

test('for a URL a token comes before a key', async () => {
  const both = { token: 't', apiKey: 'k' };
  expect((await authForUrl(API_URL, both, {})).type).toBe('bearer');
  expect(await authForUrl(API_URL, { apiKey: 'k' }, {})).toEqual({ type: 'api-key', key: 'k' });
  expect(await authForUrl(API_URL, {}, {})).toEqual({ type: 'none' });
});

test.each([
  ['method.request.header.Authorization', 'Authorization'],
  ['method.request.header.X-Token', 'X-Token'],
  ['method.request.header.A,method.request.header.B', undefined],
  ['method.request.querystring.token', undefined],
])('the token goes where the authorizer looks: %s', (IdentitySource, header) => {
  expect(tokenHeaderOf(stackOf({}, { AuthMode: 'lambda', IdentitySource }))).toBe(header);
  // Kept from another mode: a user pool's token has its own place.
  expect(tokenHeaderOf(stackOf({}, { AuthMode: 'cognito', IdentitySource }))).toBeUndefined();
});

import { expect, test } from 'vitest';
import { askEmulator, type AwsAccess } from '../../src/aws/aws-access.ts';
import type { Credentials } from '../../src/endpoint/authorize.ts';
import { readCredentials } from '../../src/endpoint/credentials.ts';
import { baseUrl, endpointOf, type EndpointQuery, resolveEndpoint } from '../../src/endpoint/endpoint.ts';
import type { Stack } from '../../src/aws/stack.ts';
import { answerAll } from '../helpers/plain-server.ts';

const API_URL = 'https://abc.execute-api.eu-west-1.amazonaws.com/v1';
const EMULATOR = { endpointUrl: 'http://127.0.0.1:4747' };
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

function stackOf(outputs: Record<string, string>, parameters: Record<string, string> = {}): Stack {
  const { AuthMode = 'none' } = parameters;
  const common = { ApiId: 'abc', StageName: 'v1', ApiUrl: API_URL, Url: API_URL, AuthMode };
  const parts = { FunctionName: 'f', AgentRuntimeArn: 'arn' };
  const id = 'arn:aws:cloudformation:eu-west-1:000000000000:stack/s/0';
  return { name: 's', id, parameters, outputs: { ...common, ...parts, ...outputs } } as unknown as Stack;
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
  ['a domain without', stackOf(ROOT), 'https://agent.example.com', `${EMULATOR.endpointUrl}/_aws/domain/agent.example.com`],
])('%s: on AWS by its name, on an emulator by its path', (_name, stack, onAws, onEmulator) => {
  expect(endpointOf(stack, {}).url).toBe(onAws);
  expect(endpointOf(stack, EMULATOR).url).toBe(onEmulator);
});

test.each([
  ['an emulator of somebody else', 404, 'not found'],
  ['a VPC endpoint', 403, '{"message":"Missing Authentication Token"}'],
])('%s at AWS_ENDPOINT_URL: APIs are called by their own names', async (_name, status, body) => {
  const server = await answerAll(status, body);
  try {
    const access = await askEmulator({ endpointUrl: server.url });
    expect(endpointOf(stackOf({}), access).url).toBe(API_URL);
    const privateStack = stackOf({ EndpointType: 'PRIVATE' }, { VpcEndpointIds: 'vpce-1' });
    expect(endpointOf(privateStack, access).headers).toBeUndefined();
  } finally {
    await server.close();
  }
});

test('where nothing answers, an emulator that is to be started is meant', async () => {
  expect(await askEmulator({ endpointUrl: 'http://127.0.0.1:1' })).toEqual({ endpointUrl: 'http://127.0.0.1:1' });
});

test('the stage can be reached beside its domain', () => {
  expect(endpointOf(stackOf(DOMAIN), {}).stageUrl).toBe(API_URL);
  expect(endpointOf(stackOf(DOMAIN), EMULATOR).stageUrl).toBe(`${EMULATOR.endpointUrl}/_aws/execute-api/abc/v1`);
});

test('a stack without an endpoint says what to do', () => {
  expect(() => endpointOf(stackOf({ ApiUrl: '', Url: '' }), {})).toThrow(
    expect.objectContaining({ code: 'STACK_NOT_READY', message: expect.stringContaining('has no endpoint') }),
  );
});

test.each([
  ['EDGE', 30_000],
  ['REGIONAL', 300_000],
  ['PRIVATE', 300_000],
])('%s has its idle limit', (type, limit) => {
  expect(endpointOf(stackOf({ EndpointType: type }), {}).idleLimitMs).toBe(limit);
});

test.each(['https://a.example/v1', 'https://a.example/v1/', 'https://a.example/v1/invoke'])('takes %s for a base URL', (text) => {
  expect(baseUrl(text)).toBe('https://a.example/v1');
});

const credentialsFor = async (url: string, given: Omit<EndpointQuery, 'stackName'>, access: AwsAccess): Promise<Credentials> => {
  const query = { stackName: 's', url, ...given };
  return readCredentials(await resolveEndpoint(query, access), query);
};

test('--sigv4 signs for the Region of the host, else for one’s own', async () => {
  const access = { region: 'us-east-1', credentials };
  expect(await credentialsFor(API_URL, { sigv4: true }, access)).toMatchObject({ type: 'iam', region: 'eu-west-1' });
  expect(await credentialsFor('https://a.example', { sigv4: true }, access)).toMatchObject({ type: 'iam', region: 'us-east-1' });
});

test('for a URL a token comes before a key', async () => {
  const both = { token: 't', apiKey: 'k' };
  expect((await credentialsFor(API_URL, both, {})).type).toBe('bearer');
  expect(await credentialsFor(API_URL, { apiKey: 'k' }, {})).toEqual({ type: 'api-key', key: 'k' });
  expect(await credentialsFor(API_URL, {}, {})).toEqual({ type: 'none' });
});

test.each([
  ['method.request.header.Authorization', 'Authorization'],
  ['method.request.header.X-Token', 'X-Token'],
  ['method.request.header.A,method.request.header.B', undefined],
  ['method.request.querystring.token', undefined],
])('the token goes where the authorizer looks: %s', (IdentitySource, header) => {
  const headerOf = (AuthMode: string): unknown => {
    const { auth } = endpointOf(stackOf({}, { AuthMode, IdentitySource }), {});
    return auth.type === 'bearer' && auth.header;
  };
  expect(headerOf('lambda')).toBe(header);
  // Kept from another mode: a user pool's token has its own place.
  expect(headerOf('cognito')).toBeUndefined();
});

test('an endpoint is plain data: a thread gets it whole', () => {
  const endpoint = endpointOf(stackOf({}, { MemorySize: '512', RateLimit: '10' }), EMULATOR);
  expect(structuredClone(endpoint)).toEqual(endpoint);
  expect(endpoint).toMatchObject({
    access: { region: 'eu-west-1' },
    stack: { name: 's', functionName: 'f', memoryMb: 512, turnsPerSecond: 10 },
  });
});

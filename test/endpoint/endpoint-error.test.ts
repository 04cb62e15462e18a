import { expect, test } from 'vitest';
import { hintText } from '../../src/cli/command-line.ts';
import { failureJson } from '../../src/cli/failure.ts';
import { connectFailed, endpointError as makeError } from '../../src/endpoint/endpoint-error.ts';

const endpointError = (...given: Parameters<typeof makeError>) => failureJson(makeError(...given), {});

const gateway = (message: string): string => JSON.stringify({ message });

test.each([
  [401, 'none', 'it wants a bearer token'],
  [401, 'api-key', 'not an API key'],
  [401, 'iam', 'not a signature'],
  [401, 'bearer', 'has it expired'],
  [403, 'none', '--sigv4'],
  [403, 'api-key', 'agentstream status --show-key'],
  [403, 'iam', 'execute-api:Invoke'],
  [403, 'bearer', 'its authorizer, a WAF rule or a policy'],
] as const)('%i with auth %s says what to do', (status, auth, hint) => {
  expect(endpointError(status, gateway('Forbidden'), auth)).toMatchObject({
    code: `HTTP_${status}`,
    message: `the endpoint answered ${status}: Forbidden`,
    hint: expect.stringContaining(hint) as string,
  });
});

test.each([
  '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: x"}',
  gateway('User: a is not authorized to perform: execute-api:Invoke on x with an explicit deny'),
])('a resource policy is told from a wrong key: %s', (body) => {
  const error = endpointError(403, body, 'api-key');
  expect(error.hint).toContain('--allow-cidr');
  expect(error.message).toContain('is not authorized to perform');
});

test('an explicit deny of a Lambda authorizer is the authorizer’s', () => {
  const body = gateway('User is not authorized to access this resource with an explicit deny');
  expect(endpointError(403, body, 'bearer').hint).toContain('its authorizer');
});

test('an identity that the function misses is no matter of keys', () => {
  const body = '{"error":"none","code":"CALLER_UNKNOWN","requestId":"r"}';
  expect(endpointError(403, body, 'api-key')).toMatchObject({
    code: 'CALLER_UNKNOWN',
    hint: expect.stringContaining('--user-id-from') as string,
  });
});

test('a body may be anything', () => {
  const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
  for (const body of [deep, `{"error":${deep},"code":${deep},"message":${deep}}`, '{"error":{"a":1}}', 'null', '5']) {
    expect(endpointError(500, body).message).toMatch(/^the endpoint answered 500: /);
    expect(endpointError(500, body).code).toBe('HTTP_500');
  }
});

test('a 413 of the gateway names the limit that is met first', () => {
  expect(endpointError(413, gateway('Request Too Long')).hint).toMatch(/6 MB/);
  expect(endpointError(413, '{"error":"x","code":"PAYLOAD_TOO_LARGE","requestId":"r"}').hint).toBeUndefined();
});

test.each([500, 502])('a %i of the gateway may be the cap on streams', (status) => {
  const { hint } = endpointError(status, gateway('Internal server error'), 'api-key');
  expect(hint).toContain('--max-concurrency');
  expect(hint).toContain('agentstream logs');
  const ours = endpointError(status, '{"error":"x","code":"INTERNAL","requestId":"r"}');
  expect(ours.hint).toBeUndefined();
});

test('an agent that is not found may be an endpoint of it', () => {
  const body = '{"error":"none","code":"AGENT_NOT_FOUND","requestId":"r"}';
  const { hint } = endpointError(404, body);
  expect(hint).toContain('--qualifier');
  expect(hint).toContain('--agent-arn');
});

const PROXIES = { 'https:': { variable: 'HTTPS_PROXY', url: 'http://ada:secret@proxy.example:3128' }, except: '' };

test.each([
  ['ENOTFOUND', undefined, 'api.example does not resolve: check the URL for a typing error, and the network'],
  ['ECONNREFUSED', undefined, 'nothing listens at api.example: check the URL and its port'],
  ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'the certificate of api.example is not trusted here: set NODE_EXTRA_CA_CERTS'],
  ['SELF_SIGNED_CERT_IN_CHAIN', PROXIES, 'HTTPS_PROXY=http://ada:***@proxy.example:3128 may put its own in its place'],
  ['PROXY_403', PROXIES, 'which refused it (403): ask who runs it'],
])('a connection that fails with %s', (code, proxies, words) => {
  const error = connectFailed(Object.assign(new Error('x'), { code }), 'https://api.example', proxies);
  expect(hintText(error.hint ?? '', {})).toContain(words);
});

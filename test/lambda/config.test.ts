import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, readFlushMode } from '../../lambda/config.ts';

/** What CloudFormation lets through. */
const { Parameters } = parse(
  readFileSync(new URL('../../src/templates/stack.yaml', import.meta.url), 'utf8')
    .split('\nConditions:')[0]
    ?.replaceAll(/\{\{\w+\}\}/g, '') ?? '',
) as { Parameters: { FlushMode: { Default: string; AllowedPattern: string } } };
const pattern = new RegExp(Parameters.FlushMode.AllowedPattern);

test.each([
  ['auto', 'auto'],
  ['off', 'off'],
  ['pause', 'pause'],
  ['1', 1],
  ['16384', 16_384],
  ['99999', 99_999],
  ['129999', 129_999],
])('the template and the function take %s', (text, mode) => {
  expect(text).toMatch(pattern);
  expect(readFlushMode(text)).toBe(mode);
});

test.each(['', 'on', '0', '-1', '1.5', '130000', '1000000', 'auto '])('neither takes %j', (text) => {
  expect(text).not.toMatch(pattern);
  expect(readFlushMode(text)).toBeUndefined();
});

test('the default is auto', () => {
  expect(Parameters.FlushMode.Default).toBe('auto');
});

const arnIn = (partition: string, region: string): string =>
  `arn:${partition}:bedrock-agentcore:${region}:123456789012:runtime/agent-0123456789`;

test('what the environment does not say has its default', () => {
  const config = readConfig({ AGENT_RUNTIME_ARN: arnIn('aws', 'eu-west-1') });
  expect(config).toEqual({
    agentRuntimeArn: arnIn('aws', 'eu-west-1'),
    region: 'eu-west-1',
    endpoint: new URL('https://bedrock-agentcore.eu-west-1.amazonaws.com'),
    qualifier: 'DEFAULT',
    corsOrigins: [],
    corsCredentials: false,
    userIdFrom: '',
    sessionScope: 'any',
    heartbeatMs: 15_000,
    flush: 'auto',
  });
});

test('each variable of the environment counts', () => {
  const config = readConfig({
    AGENT_RUNTIME_ARN: arnIn('aws', 'eu-west-1'),
    AGENT_QUALIFIER: 'prod',
    CORS_ORIGINS: 'https://a.example,,https://b.example',
    CORS_CREDENTIALS: 'on',
    USER_ID_FROM: 'sub',
    SESSION_SCOPE: 'caller',
    HEARTBEAT_MS: '0',
    FLUSH_MODE: '40',
  });
  expect(config).toMatchObject({
    qualifier: 'prod',
    corsOrigins: ['https://a.example', 'https://b.example'],
    corsCredentials: true,
    userIdFrom: 'sub',
    sessionScope: 'caller',
    heartbeatMs: 0,
    flush: 40,
  });
});

test.each([
  ['aws', 'us-east-1', {}, 'https://bedrock-agentcore.us-east-1.amazonaws.com/'],
  ['aws-us-gov', 'us-gov-west-1', {}, 'https://bedrock-agentcore.us-gov-west-1.amazonaws.com/'],
  ['aws-cn', 'cn-north-1', {}, 'https://bedrock-agentcore.cn-north-1.amazonaws.com.cn/'],
  ['aws', 'us-east-1', { AWS_ENDPOINT_URL: 'http://all:1' }, 'http://all:1/'],
  ['aws', 'us-east-1', { AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: 'http://own:2' }, 'http://own:2/'],
])('an agent in the partition %s, in %s, with %j is called at %s', (partition, region, env, endpoint) => {
  expect(readConfig({ AGENT_RUNTIME_ARN: arnIn(partition, region), ...env }).endpoint.href).toBe(endpoint);
});

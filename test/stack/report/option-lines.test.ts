import { expect, test } from 'vitest';
import { BARE_STACK } from '../../helpers/bare-stack.ts';
import type { Stack } from '../../../src/aws/stack.ts';
import type { LiveSettings } from '../../../src/stack/live-settings.ts';
import { stackStatus } from '../../../src/stack/stack-status.ts';
import { authDetail, optionLines } from '../../../src/stack/report/option-lines.ts';
import { COLOURED as STYLE } from '../../helpers/plain-style.ts';

const ACL = 'arn:aws:wafv2:us-east-1:000000000000:regional/webacl/own/01ab';

const LIVE: LiveSettings = {
  endpointType: { type: 'known', value: 'REGIONAL' },
  integrations: { type: 'known', value: [] },
  stage: {
    type: 'known',
    value: {
      throttle: { rateLimit: 10, burstLimit: 20 },
      hasAccessLog: false,
      traces: false,
      webAclArn: undefined,
      updatedAt: undefined,
    },
  },
  plan: { type: 'known', value: undefined },
  function: {
    type: 'known',
    value: {
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      memoryMb: 512,
      timeoutMs: 900_000,
      state: 'Active',
      stateReason: undefined,
      codeBytes: 1,
      variables: {},
      reservedConcurrency: undefined,
      traces: true,
    },
  },
  authorizer: { type: 'known', value: undefined },
  domain: { type: 'known', value: undefined },
};

function facts(parts: Partial<Stack>, live: Partial<LiveSettings> = {}) {
  const stack: Stack = { ...BARE_STACK, ...parts };
  return stackStatus(stack, { ...LIVE, ...live }, { region: 'us-east-1', url: undefined });
}

const linesOf = (parts: Partial<Stack>, live?: Partial<LiveSettings>): Record<string, string> =>
  Object.fromEntries(optionLines(facts(parts, live), STYLE));

test('what was taken away behind the stack stands out', () => {
  expect(
    linesOf({
      parameters: { MaxConcurrency: '7', Tracing: 'on', CorsOrigins: '*' },
      outputs: { WafAclArn: ACL, AccessLogGroupName: 'group' },
    }),
  ).toEqual({
    'Web ACL': STYLE.red('none: it was removed from the stage'),
    Streams: STYLE.yellow('no cap: the reserved concurrency of 7 was removed'),
    'Access log': STYLE.yellow('group, but the stage does not write to it'),
    Tracing: STYLE.yellow('X-Ray, but not on both stage and function'),
  });
  expect(facts({ outputs: { WafAclArn: ACL } }).drift).toContainEqual({ what: 'web ACL of the stage', stack: ACL, live: 'none' });
});

test('a domain whose mapping is gone leads nowhere', () => {
  const value = { securityPolicy: 'TLS', status: 'AVAILABLE', target: 'd-1.example', paths: [] };
  const domain = { type: 'known', value } as const;
  const parts = { parameters: { CorsOrigins: '*' }, outputs: { DomainName: 'api.example' } };
  expect(linesOf(parts, { domain })).toEqual({
    Domain: 'api.example, which has no mapping, TLS, available; point DNS to d-1.example',
  });
  const zone = { ...parts, parameters: { ...parts.parameters, HostedZoneId: 'Z1' } };
  expect(linesOf(zone, { domain: { type: 'known', value: { ...value, paths: ['a', ''] } } })).toEqual({
    Domain: 'api.example/a, api.example, TLS, available; records in Z1',
  });
});

test('names from AWS cannot move the cursor', () => {
  expect(linesOf({ parameters: { CorsOrigins: '*' }, tags: { a: '\u001B[2J' } })).toEqual({ Tags: 'a=\uFFFD[2J' });
});

test('a function that decides is named', () => {
  const value = { type: 'REQUEST', arns: ['arn:aws:lambda:us-east-1:000000000000:function:who-may-call'], ttlSeconds: 60 };
  const parts = { parameters: { AuthMode: 'lambda' } };
  expect(authDetail(facts(parts, { authorizer: { type: 'known', value } }))).toBe(': who-may-call decides, for 60 s');
  expect(authDetail(facts(parts))).toBe(': no function decides, for 0 s');
  const source = 'method.request.header.X-Who';
  const withSource = { parameters: { ...parts.parameters, IdentitySource: source } };
  expect(authDetail(facts(withSource, { authorizer: { type: 'known', value } }))).toBe(
    `: who-may-call decides by ${source}, for 60 s`,
  );
});

test('a second key is retired of the stack that has it', () => {
  const parts = { parameters: { CorsOrigins: '*' }, outputs: { OtherApiKeyId: 'k' } };
  expect(optionLines(facts(parts), STYLE, { stackName: 'x' })).toEqual([
    ['Other key', 'still valid: agentstream key retire --stack-name x'],
  ]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLines, runCli } from '../helpers/run-cli.ts';
import { runBin } from '../helpers/spawned.ts';

const ACCOUNT = 'us-east-1:000000000000';
const POOL = `arn:aws:cognito-idp:${ACCOUNT}:userpool/us-east-1_Own1`;
const TOPIC = `arn:aws:sns:${ACCOUNT}:alarms`;
const BOUNDARY = 'arn:aws:iam::000000000000:policy/bound';
const CERTIFICATE = `arn:aws:acm:${ACCOUNT}:certificate/0123abcd`;
const WEB_ACL = `arn:aws:wafv2:${ACCOUNT}:regional/webacl/own/0123abcd-0123-0123-0123-0123456789ab`;

/** Every setting away from its default: the flags, and the parameters of the stack. Between them the rows give `dev` each flag. */
const ROWS: readonly (readonly [flags: readonly string[], parameters: Readonly<Record<string, string>>])[] = [
  [
    ['--auth', 'api-key', '--session-scope', 'caller', '--rate-limit', '7', '--burst-limit', '9', '--quota', '11'],
    { AuthMode: 'api-key', SessionScope: 'caller', RateLimit: '7', BurstLimit: '9', QuotaPerDay: '11' },
  ],
  [
    ['--waf', '--waf-rate-limit', '500', '--max-concurrency', '7', '--allow-cidr', '127.0.0.0/8', '--allow-cidr', '::1/128'],
    { Waf: 'managed', WafRateLimit: '500', MaxConcurrency: '7', AllowCidrs: '127.0.0.0/8,::1/128' },
  ],
  [
    ['--access-log', '--log-retention', '30', '--tracing', '--dashboard', '--alarms', 'someone@example.com'],
    { AccessLog: 'on', LogRetentionDays: '30', Tracing: 'on', Dashboard: 'on', AlarmEmail: 'someone@example.com' },
  ],
  [
    ['--alarms', TOPIC, '--no-access-log', '--no-tracing', '--no-dashboard', '--no-waf', '--no-cors-credentials'],
    { AlarmTopicArn: TOPIC, AccessLog: 'off', Tracing: 'off', Dashboard: 'off', Waf: 'off', CorsCredentials: 'off' },
  ],
  [
    ['--heartbeat', '5s', '--flush-mode', 'pause', '--memory', '1024', '--architecture', 'x86_64', '--qualifier', 'beta'],
    { HeartbeatMs: '5000', FlushMode: 'pause', MemorySize: '1024', Architecture: 'x86_64', AgentQualifier: 'beta' },
  ],
  [
    ['--cors-origin', 'https://app.example', '--cors-credentials', '--permissions-boundary', BOUNDARY, '--waf-acl-arn', WEB_ACL],
    { CorsOrigins: 'https://app.example', CorsCredentials: 'on', PermissionsBoundary: BOUNDARY, WafAclArn: WEB_ACL },
  ],
  [
    ['--domain', 'api.example.com', '--certificate-arn', CERTIFICATE, '--hosted-zone-id', 'Z0123456789', '--base-path', 'agent'],
    { DomainName: 'api.example.com', CertificateArn: CERTIFICATE, HostedZoneId: 'Z0123456789', BasePath: 'agent' },
  ],
  [
    ['--auth', 'cognito', '--user-pool-arn', POOL, '--auth-scope', 'agent/invoke', '--user-id-from', 'claim:email'],
    { AuthMode: 'cognito', UserPoolArn: POOL, AuthScopes: 'agent/invoke', UserIdFrom: 'claim:email' },
  ],
  [
    ['--auth', 'iam', '--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-0a1b2c3d'],
    { AuthMode: 'iam', EndpointType: 'PRIVATE', VpcEndpointIds: 'vpce-0a1b2c3d' },
  ],
];

test.each(ROWS)('dev deploys with %j', async (flags, parameters) => {
  const result = await runBin(['dev', '--port', '0', ...flags, '--exec', 'agentstream status --json']);
  expect(result.exitCode, result.stderr).toBe(0);
  expect(jsonLines(result.stdout).at(-1)).toMatchObject({ type: 'result', ok: true, parameters });
});

const AUTHORIZER = ['--auth', 'lambda', '--identity-source', 'method.request.header.X-Key', '--authorizer-ttl', '60'];

test('dev deploys the file of --authorizer, asked as the settings say', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'agentstream-')), 'authorizer.ts');
  try {
    writeFileSync(file, 'export const handler = async () => ({});\n');
    const args = ['dev', '--port', '0', ...AUTHORIZER, '--authorizer', file, '--exec', 'agentstream status --json'];
    const { stdout } = await runBin(args);
    const parameters = {
      AuthMode: 'lambda',
      IdentitySource: 'method.request.header.X-Key',
      AuthorizerTtlSeconds: '60',
      AuthorizerArn: expect.stringMatching(/:function:agentstream-dev-authorizer-/) as string,
    };
    expect(jsonLines(stdout).at(-1)).toMatchObject({ ok: true, parameters });
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
});

test('dev takes no authorizer that is elsewhere', async () => {
  const arn = `arn:aws:lambda:${ACCOUNT}:function:who-may-call`;
  const result = await runCli(['dev', ...AUTHORIZER, '--authorizer-arn', arn]);
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain('takes the authorizer as a file');
});

test('each setting of dev is among these', async () => {
  const { stdout } = await runCli(['dev', '--help']);
  const [, settings = ''] = /\n {2}--auth <mode>([^]*)\nOther options:/.exec(stdout) ?? [];
  const flags = ['--auth', ...[...settings.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag = '']) => flag)];
  expect(flags.length).toBeGreaterThan(35);
  const given = new Set([...ROWS.flatMap(([args]) => args), ...AUTHORIZER, '--authorizer-arn']);
  expect(flags.filter((flag) => !given.has(flag))).toEqual([]);
});

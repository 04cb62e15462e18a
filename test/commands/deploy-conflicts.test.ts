import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

const ACCOUNT = '000000000000';
const POOL = `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_Pool1`;
const COGNITO = ['--auth', 'cognito', '--user-pool-arn', POOL];
const CERTIFICATE = ['--certificate-arn', `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01ab`];
const DOMAIN = ['--domain', 'api.example.com', ...CERTIFICATE];
const ACL = `arn:aws:wafv2:us-east-1:${ACCOUNT}:regional/webacl/own/01ab`;

test.each<[string[], string]>([
  [['--auth', 'cognito'], '--auth cognito needs --user-pool-arn'],
  [['--auth', 'lambda'], '--auth lambda needs --authorizer-arn'],
  [['--user-id-from', 'sub'], '--user-id-from sub and claim:NAME need --auth cognito or lambda'],
  [['--user-id-from', 'claim:x', '--auth', 'iam'], '--user-id-from sub and claim:NAME need'],
  [['--user-id-from', 'principal', ...COGNITO], '--user-id-from principal needs --auth lambda or'],
  [['--session-scope', 'caller', '--auth', 'none'], '--session-scope caller and --auth none'],
  [['--domain', 'api.example.com'], '--domain needs --certificate-arn'],
  [['--base-path', 'agent'], '--base-path needs --domain'],
  [['--hosted-zone-id', 'Z01'], '--hosted-zone-id needs --domain'],
  [['--endpoint-type', 'private'], '--endpoint-type private needs --vpc-endpoint-id'],
  [
    ['--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-1', ...DOMAIN],
    '--endpoint-type private and --domain exclude each other',
  ],
  [['--endpoint-type', 'edge', '--heartbeat', '30s'], '--endpoint-type edge needs a --heartbeat'],
  [['--waf', '--waf-acl-arn', ACL], '--waf and --waf-acl-arn exclude each other'],
  [['--cors-credentials'], '--cors-credentials needs a --cors-origin by name'],
  [['--cors-credentials', '--cors-origin', ''], '--cors-credentials needs a --cors-origin by name'],
  [['--cors-origin', '*,https://a.example'], '--cors-origin "*" and other origins exclude each'],
])('%j do not go together, and both are named', async (args, message) => {
  const result = await runCli(['template', ...args]);
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain(message);
  expect(result.stderr).toMatch(/hint: \S/);
});

test.each<string[]>([
  COGNITO,
  [...COGNITO, '--user-id-from', 'sub', '--session-scope', 'caller'],
  ['--auth', 'iam', '--user-id-from', 'principal'],
  [...DOMAIN, '--base-path', 'agent', '--hosted-zone-id', 'Z01'],
  ['--domain', ''],
  ['--endpoint-type', 'edge', '--heartbeat', '29s'],
  ['--endpoint-type', 'edge', '--heartbeat', '0'],
  ['--no-waf', '--waf-acl-arn', ACL],
  ['--cors-credentials', '--cors-origin', 'https://a.example', '--cors-origin', 'http://localhost:5173'],
  ['--allow-cidr', '192.0.2.0/24,2001:db8::/32', '--allow-cidr', '203.0.113.7'],
  ['--alarms', 'arn:aws:sns:us-east-1:000000000000:alarms'],
  ['--alarms', 'someone@example.com', '--access-log', '--tracing', '--dashboard', '--waf'],
])('%j go together', async (...args) => {
  const result = await runCli(['template', ...args]);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
});

test.each<[string[], string]>([
  [['--allow-cidr', '192.0.2.0/33'], '--allow-cidr takes an address range such as'],
  [['--allow-cidr', '192.0.2.0/24,everyone'], 'not everyone'],
  [['--allow-cidr', '2001:db8::/129'], 'not 2001:db8::/129'],
  [['--cors-origin', 'https://app.example/'], '--cors-origin takes an origin such as'],
  [['--cors-origin', 'https://app.example/path'], 'without a path or trailing slash'],
  [['--cors-origin', 'https://App.Example'], 'not https://App.Example'],
  [['--cors-origin', 'https://app.example:443'], 'not https://app.example:443'],
  [['--cors-origin', 'app.example'], 'not app.example'],
  [['--user-pool-arn', ACL], '--user-pool-arn takes the ARN of a Cognito user pool'],
  [['--authorizer-arn', POOL], '--authorizer-arn takes the ARN of a Lambda function'],
  [['--certificate-arn', ACL], '--certificate-arn takes the ARN of a certificate'],
  [['--waf-acl-arn', ACL.replace('regional', 'global')], 'the ARN of a regional web ACL'],
  [['--permissions-boundary', 'bound'], '--permissions-boundary takes the ARN of a managed policy'],
  [['--alarms', 'someone'], '--alarms takes an e-mail address or the ARN of an SNS topic'],
  [['--vpc-endpoint-id', 'vpc-1'], '--vpc-endpoint-id takes the id of a VPC endpoint'],
  [['--domain', 'nowhere'], '--domain takes a domain name'],
  [['--base-path', 'a/b'], '--base-path takes one part of a path'],
  [['--base-path', 'ping'], 'other than ping'],
  [['--user-id-from', 'header'], '--user-id-from takes sub, principal or claim:NAME'],
  [['--auth-scope', 'two words'], '--auth-scope takes an OAuth scope'],
  [['--waf-rate-limit', '9'], '--waf-rate-limit takes a whole number from 10'],
  [['--authorizer-ttl', '3601'], '--authorizer-ttl takes a whole number from 0 to 3600'],
])('%j is refused before anything is asked of AWS', async (args, message) => {
  const result = await runCli(['template', ...args]);
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain(message);
});

test.each([
  [['--tag', 'novalue'], '--tag takes key=value'],
  [['--tag', 'aws:x=1'], '--tag takes key=value'],
  [['--role-arn', 'deployer'], '--role-arn takes the ARN of a role'],
])('%j is refused by deploy', async (args, message) => {
  const result = await runCli(['deploy', ...args]);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain(message);
});

test('help has a line for each flag, in groups', async () => {
  const { stdout } = await runCli(['deploy', '--help']);
  const groups = ['Authorization:', 'Address:', 'Browsers, addresses and firewall:', 'Limits:'];
  for (const group of groups) expect(stdout).toContain(`\n${group}\n`);
  const flags = stdout.split('\n').filter((line) => /^ {2}(-\w, )?--/.test(line));
  expect(flags.length).toBeGreaterThan(50);
  // What it does stands on the line of the flag.
  expect(flags.filter((line) => !/^ {2}\S.* {2,}\S/.test(line))).toEqual([]);
});

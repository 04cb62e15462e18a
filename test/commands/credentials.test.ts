import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AwsError, echoAgent } from '../../src/emulator/index.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { answerAll, type PlainServer, queryError as error } from '../helpers/plain-server.ts';
import { runCli } from '../helpers/run-cli.ts';
import { runBin } from '../helpers/spawned.ts';

const ARN = 'arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEfGhIj';
const KEYS = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE12', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 't' };

let home: string;
let server: PlainServer | undefined;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'agentstream-home-'));
  mkdirSync(join(home, '.aws'));
  writeFileSync(
    join(home, '.aws', 'config'),
    `[profile west]
region = eu-west-1
[profile vault]
credential_process = sh -c 'echo the vault is locked >&2; exit 3'
region = us-east-1
[profile silent]
credential_process = false
region = us-east-1
[profile babble]
credential_process = echo nothing
region = us-east-1
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/deployer
source_profile = west
mfa_serial = arn:aws:iam::123456789012:mfa/ada
region = us-east-1
`,
  );
  writeFileSync(
    join(home, '.aws', 'credentials'),
    '[west]\naws_access_key_id = AKIAEXAMPLEEXAMPLE12\naws_secret_access_key = x\n',
  );
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function answering(status: number, body: string): Promise<string> {
  server = await answerAll(status, body);
  return server.url;
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runBin(args, { HOME: home, XDG_STATE_HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env });

const runHere = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => runCli(args, { env: { XDG_STATE_HOME: home, ...env } });

describe('empty and padded values', () => {
  const nothing = error('ValidationError', 'Stack with id agentstream does not exist');

  test.each([
    ['the Region of the profile', { AWS_REGION: '' }, ['--profile', 'west']],
    ['AWS_DEFAULT_REGION', { AWS_REGION: ' ', AWS_DEFAULT_REGION: 'eu-west-1', ...KEYS }, []],
    ['a padded AWS_REGION', { AWS_REGION: ' eu-west-1\r\n', AWS_PROFILE: '', ...KEYS }, []],
    ['padded keys', { AWS_REGION: 'eu-west-1', ...KEYS, AWS_SESSION_TOKEN: ' t\r\n' }, ['--profile', '']],
    ['empty variables of ours', { AGENTSTREAM_LOCAL: '', AGENTSTREAM_STACK_NAME: ' ', AWS_PROFILE: 'west' }, []],
  ])('%s', async (_, env, args) => {
    const AWS_ENDPOINT_URL = await answering(400, nothing);
    const { exitCode, stderr } = await run(['status', ...args], { ...env, AWS_ENDPOINT_URL });
    expect(stderr).toContain('error: there is no stack agentstream in eu-west-1\n');
    expect(exitCode).toBe(1);
  });

  test('no Region anywhere', async () => {
    const { exitCode, stderr } = await run(['status'], { AWS_REGION: '', ...KEYS });
    expect(stderr).toBe('error: no AWS Region is set\nhint: give --region, or set AWS_REGION\n');
    expect(exitCode).toBe(2);
  });

  test.each([
    ['AWS_SESSION_TOKEN', { ...KEYS, AWS_SESSION_TOKEN: 'first\nsecond' }, 'has a line end in it'],
    ['AWS_SECRET_ACCESS_KEY', { ...KEYS, AWS_SECRET_ACCESS_KEY: 'a b' }, 'has a blank in it'],
    ['AWS_ACCESS_KEY_ID', { ...KEYS, AWS_ACCESS_KEY_ID: '“AKIA”' }, 'has the character U+201C in it'],
  ])('%s that no header can have', async (name, env, words) => {
    const { exitCode, stderr } = await runHere(['status', '--region', 'us-east-1'], env);
    expect(stderr).toContain(`error: ${name} cannot be sent: it ${words}\n`);
    expect(exitCode).toBe(2);
  });
});

describe('an API key as people give it', () => {
  let chain: Chain;
  let isExpired = false;
  beforeAll(async () => {
    chain = await startChain(echoAgent(), {
      refuseCall: ({ service }) =>
        isExpired && service !== 'cloudformation' ? new AwsError('ExpiredTokenException', 403, 'expired') : undefined,
    });
  });

  test.each(['lambda', 'agentcore'])('beside it: a turn of the hop %s with keys that have expired', async (hop) => {
    isExpired = true;
    const { exitCode, stderr } = await runHere(['invoke', '--stack-name', 'chain', '--hop', hop, 'hi'], chain.env);
    isExpired = false;
    expect(stderr).toMatch(/error: the AWS credentials have expired\nhint: the keys of the environment outrank SSO/);
    expect(exitCode).toBe(1);
  });
  afterAll(() => chain.close());

  test.each([
    ['with a line end behind it', 'k3y\r\n', 0],
    ['that is empty', '', 0],
    ['with a line end inside', 'k3\ny', 2],
    ['with a blank inside', 'k3 y', 2],
    ['with a character that no header has', 'k3y…', 2],
  ])('%s', async (_, key, status) => {
    const result = await runCli(['invoke', '--url', chain.url, 'hi'], { env: { AGENTSTREAM_API_KEY: key } });
    expect(result.exitCode, result.stderr).toBe(status);
    if (status === 0) return;
    expect(result.stderr).toMatch(/^error: the API key \(--api-key, AGENTSTREAM_API_KEY\) cannot be sent: it has /);
    expect(result.stderr).not.toContain('k3');
  });

  test('an empty --api-key is refused', async () => {
    const { exitCode, stderr } = await runCli(['invoke', '--url', chain.url, '--api-key', ' ', 'hi']);
    expect(stderr).toContain('cannot be sent: it is empty');
    expect(exitCode).toBe(2);
  });
});

describe('a hint for each source of credentials', () => {
  test.each([
    [
      'mfa',
      /^error: the profile mfa needs an MFA code\nhint: get a session.* eval "\$\(aws configure export-credentials --profile mfa --format env\)"/,
    ],
    ['vault', /^error: the credential_process of the profile vault failed: the vault is locked\nhint: fix/],
    ['silent', /^error: the credential_process of the profile silent failed: it ended with an error and said nothing\n/],
    ['babble', /^error: the credential_process of the profile babble failed: returned invalid JSON/],
    ['gone', /^error: there is no profile gone in the AWS configuration\nhint: list the profiles: aws configure list-profiles,/],
  ])('profile %s', async (profile, words) => {
    const args = ['--profile', profile, '--region', 'us-east-1'];
    const { exitCode, stderr } = await run(['status', ...args]);
    expect(stderr).toMatch(words);
    expect(exitCode).toBe(1);
    // The same words from every command.
    const [error = ''] = stderr.split('\n');
    expect((await run(['destroy', '--yes', ...args])).stderr).toContain(`${error}\n`);
    const { stdout } = await run(['doctor', ...args]);
    expect(stdout).toContain(error.replace('error: ', 'failed   '));
  });

  test('a profile without a Region that does not exist', async () => {
    const { stderr } = await run(['status'], { AWS_PROFILE: 'gone' });
    expect(stderr).toContain('the profile gone has none, or does not exist');
  });

  test.each([
    [
      'ExpiredToken',
      'The security token included in the request is expired',
      KEYS,
      /the keys of the environment outrank SSO .* AWS_SESSION_TOKEN/,
    ],
    ['ExpiredToken', 'expired', { AWS_PROFILE: 'west' }, /write fresh keys into the profile.*: aws configure --profile west/],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      KEYS,
      /AWS does not know AWS_ACCESS_KEY_ID here/,
    ],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      { ...KEYS, AWS_SESSION_TOKEN: '' },
      /temporary key: set its AWS_SESSION_TOKEN/,
    ],
    [
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      { AWS_PROFILE: 'west' },
      /the access key of the profile west/,
    ],
    [
      'SignatureDoesNotMatch',
      'Signature expired: 20200101T000000Z is now earlier than',
      KEYS,
      /set the clock of this machine by NTP/,
    ],
    ['RequestTimeTooSkewed', 'The difference is too large', KEYS, /set the clock of this machine by NTP/],
    [
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match',
      KEYS,
      /AWS_SECRET_ACCESS_KEY does not belong to/,
    ],
    [
      'OptInRequired',
      'The AWS Access Key Id needs a subscription for the service',
      KEYS,
      /aws account enable-region --region-name us-east-1/,
    ],
  ])('%s: %s', async (code, message, env, words) => {
    const AWS_ENDPOINT_URL = await answering(403, error(code, message));
    const world = { ...env, AWS_ENDPOINT_URL, AWS_REGION: 'us-east-1' };
    for (const command of [['status'], ['deploy', '--agent-arn', ARN, '--skip-preflight'], ['invoke', 'hi']]) {
      // The SDK reads the profiles of its own process.
      const { exitCode, stderr } = await ('AWS_PROFILE' in env ? run(command, world) : runHere(command, world));
      expect(stderr).toMatch(words);
      expect(stderr).not.toContain('sso login');
      expect(exitCode).toBe(1);
    }
  });
});

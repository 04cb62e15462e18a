import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError, echoAgent, type RuntimeSettings } from '../../src/emulator/index.ts';
import { checkAccessLogRole } from '../../src/checks/check-account-settings.ts';
import { checkJson } from '../../src/checks/check.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { runCli } from '../helpers/run-cli.ts';
import { runBin } from '../helpers/spawned.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let runtime: RuntimeSettings | undefined;
let world: StackWorld;
beforeAll(async () => {
  const agent = echoAgent();
  world = await startStackWorld(
    {},
    {
      invoke: (invocation) => agent.invoke(invocation),
      get runtime() {
        return runtime ?? {};
      },
    },
  );
});
afterEach(async () => {
  runtime = undefined;
  await world.reset();
});
afterAll(() => world.close());

test.each<[RuntimeSettings, string, RegExp]>([
  [{ status: 'CREATING' }, 'AGENT_NOT_READY', /^the agent test_agent-0123456789 is CREATING$/],
  [
    { status: 'CREATE_FAILED', failureReason: 'no image arn:aws:ecr:us-east-1:111122223333:repository/x' },
    'AGENT_NOT_READY',
    /is CREATE_FAILED: no image repository\/x$/,
  ],
  [{ serverProtocol: 'MCP' }, 'AGENT_PROTOCOL', /speaks MCP, and the API speaks HTTP$/],
  [
    { customJWTAuthorizer: { discoveryUrl: 'https://id.example/.well-known/openid-configuration' } },
    'AGENT_TAKES_JWT',
    /takes JWT tokens only, and the function signs with SigV4$/,
  ],
  [{ requireMMDSV2: false }, 'AGENT_WITHOUT_MMDSV2', /does not require MMDSv2/],
])('an agent that cannot work is refused before anything is made: %j', async (settings, code, message) => {
  runtime = settings;
  const before = world.calls.length;
  const result = await world.deploy('--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({
    ok: false,
    error: { code, message: expect.stringMatching(message), hint: expect.stringMatching(/\w/) },
  });
  expect(world.calls.slice(before).filter((call) => /^cloudformation (?!DescribeStacks)/.test(call))).toEqual([]);
  expect(await world.deploy('--skip-preflight', '--dry-run')).toMatchObject({ exitCode: 0 });
});

test('an agent that is not there is named, with its Region', async () => {
  const result = await world.run('deploy', '--agent-arn', AGENT_ARN.replace('test_', 'lost_'));
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(
    'error: there is no AgentCore runtime lost_agent-0123456789 in us-east-1\nhint: list yours with: aws bedrock-agentcore-control list-agent-runtimes',
  );
});

test('an agent of another account is a note, if the account is known: from AWS_ACCOUNT_ID or an existing stack', async () => {
  const foreign = [
    'deploy',
    '--agent-arn',
    AGENT_ARN.replace('000000000000:runtime/test', '111122223333:runtime/lost'),
    '--dry-run',
  ];
  const unknown = await world.run(...foreign);
  expect(unknown.exitCode).toBe(1);
  expect(unknown.stderr).toContain('or AWS_ACCOUNT_ID tells yours');
  const told = await runCli(foreign, { env: { ...world.env, AWS_ACCOUNT_ID: '000000000000' } });
  expect([told.exitCode, told.stderr]).toEqual([0, expect.stringContaining('it is in another account')]);
  await world.deploy();
  const updated = await world.run(...foreign);
  expect([updated.exitCode, updated.stderr]).toEqual([0, expect.stringContaining('it is in another account')]);
});

test('an AG-UI agent is fine', async () => {
  runtime = { serverProtocol: 'AGUI' };
  expect(await world.deploy('--dry-run')).toMatchObject({ exitCode: 0 });
});

test('lacking the permission for a check is a note, and the deploy goes on', async () => {
  world.misfortune.refuseCall = ({ service }) =>
    service === 'bedrock-agentcore'
      ? new AwsError(
          'AccessDeniedException',
          403,
          'User: arn:aws:iam::111122223333:user/me is not authorized to perform: bedrock-agentcore:GetAgentRuntime',
        )
      : undefined;
  const result = await world.deploy();
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain(
    'the agent could not be checked: User: user/me is not authorized to perform: bedrock-agentcore:GetAgentRuntime\n',
  );
});

test('no credentials: says how to get some, before any call', async () => {
  const { AWS_ENDPOINT_URL = '', XDG_STATE_HOME = '' } = world.env;
  const before = world.calls.length;
  const result = await runBin(['deploy', '--agent-arn', AGENT_ARN], {
    AWS_ENDPOINT_URL,
    XDG_STATE_HOME,
    HOME: world.stateFolder,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/error: no AWS credentials: .*\nhint: give --profile/);
  expect(world.calls.length).toBe(before);
});

test('an SSO session that has expired: the exact command', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-sso-'));
  try {
    const cache = join(home, '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    writeFileSync(
      join(home, '.aws', 'config'),
      `[profile work]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Deployer
region = us-east-1
[sso-session corp]
sso_start_url = https://corp.awsapps.example/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`,
    );
    writeFileSync(
      join(cache, `${createHash('sha1').update('corp').digest('hex')}.json`),
      JSON.stringify({ accessToken: 'old', expiresAt: '2020-01-01T00:00:00Z' }),
    );
    const { AWS_ENDPOINT_URL = '' } = world.env;
    const env = { AWS_ENDPOINT_URL, HOME: home, XDG_STATE_HOME: home };
    const result = await runBin(['deploy', '--agent-arn', AGENT_ARN, '--profile', 'work'], env);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(
      'error: the SSO session of the profile work has expired\nhint: run: aws sso login --profile work',
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("the account's role for access logs is asked for only when they are wanted", async () => {
  const asks = async (...args: string[]): Promise<boolean> => {
    const before = world.calls.length;
    await world.deploy('--dry-run', ...args);
    return world.calls.slice(before).includes('apigateway GET /account');
  };
  expect(await asks()).toBe(false);
  expect(await asks('--access-log')).toBe(true);

  const access = { endpointUrl: world.emulator.url, region: 'us-east-1', credentials: world.emulator.credentials };
  expect(checkJson(await checkAccessLogRole(access, true), {})).toMatchObject({
    status: 'failed',
    code: 'NO_ACCESS_LOG_ROLE',
    hint: expect.stringContaining('aws apigateway update-account'),
  });
  world.misfortune.refuseCall = () => new AwsError('AccessDeniedException', 403, 'No.');
  expect(await checkAccessLogRole(access, true)).toMatchObject({ status: 'note' });
});

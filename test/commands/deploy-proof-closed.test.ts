import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { type CliResult, runCli } from '../helpers/run-cli.ts';
import { startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

const POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld({ userPools: [POOL] });
});
afterEach(() => world.reset());
afterAll(() => world?.close());

const deploy = (env: Record<string, string>, ...args: string[]): Promise<CliResult> =>
  runCli(['deploy', '--agent-arn', AGENT_ARN, ...args], { env: { ...world.env, ...env }, proves: true });
const COGNITO = ['--auth', 'cognito', '--user-pool-arn', POOL];

test('a stack that wants a token is deployed without one, and proved with one', async () => {
  const without = await deploy({}, ...COGNITO);
  expect(without.stderr).toContain('not proved from here: there is no token (--token-command');
  expect(without.exitCode).toBe(0);
  expect(without.stderr).toContain('-H "authorization: Bearer $AGENTSTREAM_TOKEN"');
  const token = await world.emulator.issueToken(POOL, { sub: 'ada' });
  const proved = await deploy({ AGENTSTREAM_TOKEN: token }, ...COGNITO);
  expect(proved.exitCode, proved.stderr).toBe(0);
  expect(proved.stderr).not.toContain('not proved');
  expect(proved.stderr).not.toContain(token);
});

test('a token may come by a flag, and a command that gives none is no failure of the deploy', async () => {
  const token = await world.emulator.issueToken(POOL, { sub: 'ada' });
  const proved = await deploy({}, ...COGNITO, '--token-command', `echo ${token}`);
  expect(proved.stderr).toContain('it streams');
  const doctor = (...args: string[]): Promise<CliResult> => runCli(['doctor', ...args], { env: world.env });
  expect((await doctor('--token', token)).stdout).toContain('the endpoint serves');
  const failing = ['--token-command', 'exit 3'];
  const unproved = await deploy({}, ...failing);
  expect(unproved.exitCode, unproved.stderr).toBe(0);
  expect(unproved.stderr).toContain('not proved from here: --token-command failed (status 3)');
  expect((await doctor(...failing)).stdout).toContain('--token-command failed (status 3)');
  const both = await deploy({}, ...failing, '--token', token);
  expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('both name a token')]);
});

test('a quota that is used up is no failure, for doctor neither', async () => {
  // The first question is the only one that the quota lets in.
  for (const flags of [['--quota', '1'], []]) {
    const { exitCode, stderr } = await deploy({}, ...flags);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('not proved from here: the quota of the API key is used up');
    expect(stderr).not.toContain('does not serve');
  }
  const { exitCode, stdout } = await runCli(['doctor'], { env: world.env });
  expect(stdout).toMatch(/note +whether it streams is not proved: the quota of the API key is used/);
  expect(exitCode).toBe(0);
});

test('the printed curl line has what the stack asks for', async () => {
  const { env } = world;
  const privately = ['--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-0123456789abcdef0'];
  const local = { ...env, AGENTSTREAM_LOCAL: env['AWS_ENDPOINT_URL'] ?? '' };
  const args = ['deploy', '--agent-arn', AGENT_ARN, '--auth', 'iam', ...privately];
  const { exitCode, stderr } = await runCli(args, { env: local });
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("-H 'x-emulator-vpce: vpce-0123456789abcdef0'");
  expect(stderr).toMatch(new RegExp(`Try it:\\n {2}export AWS_ACCESS_KEY_ID=${env['AWS_ACCESS_KEY_ID']} .*\\n {2}curl -N`));
});

test('one that need not let this machine in is no failure', async () => {
  const result = await deploy({}, '--allow-cidr', '10.1.2.0/24');
  expect(result.stderr).toContain('not proved from here: this machine may be outside of --allow-cidr');
  expect(result.exitCode).toBe(0);
});

test('a custom domain is proved by the stage itself: DNS may not know of it yet', async () => {
  const certificate = `arn:aws:acm:${REGION}:000000000000:certificate/0`;
  const domain = ['--domain', 'agent.example.com', '--certificate-arn', certificate];
  const result = await deploy({}, ...domain);
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain('/_aws/domain/agent.example.com');
});

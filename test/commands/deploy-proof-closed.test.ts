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
  runCli(['deploy', '--agent-arn', AGENT_ARN, ...args], {
    env: { ...world.env, ...env },
    proves: true,
  });
const COGNITO = ['--auth', 'cognito', '--user-pool-arn', POOL];

test('a stack that wants a token is deployed without one, and proved with one', async () => {
  const without = await deploy({}, ...COGNITO);
  expect(without.stderr).toContain('not proved from here: there is no token (AGENTSTREAM_TOKEN)');
  expect(without.exitCode).toBe(0);
  expect(without.stderr).toContain('-H "authorization: Bearer $AGENTSTREAM_TOKEN"');
  const token = await world.emulator.issueToken(POOL, { sub: 'ada' });
  const proved = await deploy({ AGENTSTREAM_TOKEN: token }, ...COGNITO);
  expect(proved.exitCode, proved.stderr).toBe(0);
  expect(proved.stderr).not.toContain('not proved');
  expect(proved.stderr).not.toContain(token);
});

test('one that need not let this machine in is no failure', async () => {
  const result = await deploy({}, '--allow-cidr', '10.1.2.0/24');
  expect(result.stderr).toContain(
    'not proved from here: this machine may be outside of --allow-cidr',
  );
  expect(result.exitCode).toBe(0);
});

test('a custom domain is proved by the stage itself: DNS may not know of it yet', async () => {
  const certificate = `arn:aws:acm:${REGION}:000000000000:certificate/0`;
  const domain = ['--domain', 'agent.example.com', '--certificate-arn', certificate];
  const result = await deploy({}, ...domain);
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain('/_aws/domain/agent.example.com');
});

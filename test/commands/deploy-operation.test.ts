import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { jsonLines } from '../helpers/run-cli.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

const ACCOUNT = '000000000000';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld({ lambda: { concurrentExecutions: 150 } });
});
afterEach(() => world.reset());
afterAll(() => world.close());

async function stack(): Promise<Stack> {
  const { Stacks = [] } = await world.cloudFormation.send(new DescribeStacksCommand({ StackName: 'agentstream' }));
  return Stacks[0] as Stack;
}

const tags = async (): Promise<Record<string, string>> =>
  Object.fromEntries(((await stack()).Tags ?? []).map(({ Key, Value }) => [Key, Value])) as Record<string, string>;

test('tags are set, kept by a deploy without them, changed and taken away one by one', async () => {
  await world.deploy('--tag', 'team=blue', '--tag', 'cost=a=b');
  expect(await tags()).toEqual({ team: 'blue', cost: 'a=b' });
  await world.deploy('--memory', '1024');
  expect(await tags()).toEqual({ team: 'blue', cost: 'a=b' });
  const changed = await world.deploy('--tag', 'team=', '--tag', 'stage=test', '--json');
  expect(resultOf(changed)).toMatchObject({ ok: true, outcome: 'updated' });
  expect(await tags()).toEqual({ cost: 'a=b', stage: 'test' });
  expect((await world.run('status')).stdout).toContain('cost=a=b, stage=test');
});

test('a protected stack is not deleted, and the way to lift it is told', async () => {
  await world.deploy('--termination-protection');
  expect((await stack()).EnableTerminationProtection).toBe(true);
  expect((await world.run('status')).stdout).toMatch(/Protection +AWS refuses to delete/);
  const before = world.calls.length;
  const refused = await world.run('destroy', '--yes');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('the stack agentstream is protected from deletion');
  expect(refused.stderr).toMatch(/agentstream deploy --region \S+ --no-termination-protection/);
  expect(world.calls.slice(before)).not.toContain('cloudformation DeleteStack');

  const kept = await world.deploy('--json');
  expect(resultOf(kept)).toMatchObject({ outcome: 'no-changes' });
  expect((await stack()).EnableTerminationProtection).toBe(true);
  const again = await world.deploy('--termination-protection', '--json');
  expect(resultOf(again)).toMatchObject({ outcome: 'no-changes' });
  const preview = await world.deploy('--no-termination-protection', '--dry-run');
  expect(preview.stderr).toContain('termination protection would be turned off');
  expect((await stack()).EnableTerminationProtection).toBe(true);
  const lifted = await world.deploy('--no-termination-protection', '--json');
  expect(resultOf(lifted)).toMatchObject({ outcome: 'updated' });
  expect((await world.run('destroy', '--yes')).exitCode).toBe(0);
});

test('the service role is used from then on', async () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/deployer`;
  await world.deploy('--role-arn', role);
  expect((await stack()).RoleARN).toBe(role);
  await world.deploy('--memory', '1024');
  expect((await stack()).RoleARN).toBe(role);
  expect((await world.run('status')).stdout).toContain(`CloudFormation works as ${role}`);
});

test('more concurrency than the account can set aside is refused before anything is made', async () => {
  const refused = await world.deploy('--max-concurrency', '141', '--json');
  expect(resultOf(refused)).toMatchObject({
    error: { code: 'CONCURRENCY_TOO_HIGH', message: expect.stringContaining('more than the 140') },
  });
  expect(await world.status()).toBeUndefined();
  const taken = await world.deploy('--max-concurrency', '50');
  expect(taken.exitCode).toBe(0);
  expect(taken.stderr).toContain('50 streams may be open at once, so turns of 20 s reach 2.5 a second');
  // What the function has already counts as free for it.
  expect((await world.deploy('--max-concurrency', '40')).exitCode).toBe(0);
  expect((await world.deploy('--max-concurrency', '50')).exitCode).toBe(0);
  expect((await world.deploy('--max-concurrency', '141')).exitCode).toBe(1);
});

test('a deploy ends with a warning where the account lets fewer streams be open than the stage', async () => {
  const warned = await world.deploy('--burst-limit', '200');
  expect(warned.exitCode).toBe(0);
  const text = '150 streams can be open at once: what the account';
  expect(warned.stderr).toMatch(new RegExp(`${text}.*the stage lets 200 in at once\n  ask for more in Service Quotas`));
  // A cap of the stack is its owner's own choice.
  expect((await world.deploy('--max-concurrency', '20')).stderr).not.toContain('can be open at once');
  expect((await world.deploy('--max-concurrency', '0', '--burst-limit', '150')).stderr).not.toContain('can be open at once');
});

test('alarms by e-mail: who subscribes has to confirm, and a destroy says what stays until then', async () => {
  const made = await world.deploy('--alarms', 'ops@example.com');
  expect(made.stderr).toContain('AWS asks ops@example.com to confirm by e-mail');
  const gone = await world.run('destroy', '--yes');
  expect([gone.exitCode, gone.stderr]).toEqual([0, expect.stringContaining('never confirmed stays, and expires after 3 days')]);
});

test('the processor of the function', async () => {
  expect((await world.deploy('--architecture', 'x86_64')).exitCode).toBe(0);
  expect((await world.run('status')).stdout).toContain(' x86_64, 512 MB');
  expect(resultOf(await world.deploy('--architecture', 'arm64', '--json'))).toMatchObject({ outcome: 'updated' });
});

test('where the floor of the account decides, AWS is asked, and its words are understood', async () => {
  const { exitCode, stderr } = await world.deploy('--max-concurrency', '100');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('leaves 50 concurrent executions to all other functions: AWS may refuse less than 100');
  expect(stderr).toContain('below its minimum value of [100]');
  expect(stderr).toContain('the account keeps 100 concurrent executions for its other functions');
});

test.each([
  ['regional', 'eu-west-1', 'a regional API in us-east-1 needs one of us-east-1'],
  ['edge', 'eu-west-1', 'an edge-optimised API needs one of us-east-1'],
])('the certificate of a %s API is looked for in its Region', async (type, region, words) => {
  const result = await world.deploy(
    '--endpoint-type',
    type,
    '--domain',
    'api.example.com',
    '--certificate-arn',
    `arn:aws:acm:${region}:${ACCOUNT}:certificate/01ab`,
    '--json',
  );
  expect(resultOf(result)).toMatchObject({ error: { code: 'CERTIFICATE_ELSEWHERE', message: expect.stringContaining(words) } });
  expect(await world.status()).toBeUndefined();
});

test('an API that anyone may call is not made without saying what that means', async () => {
  const result = await world.deploy('--auth', 'none');
  expect(result.stderr).toContain('anyone on the internet who finds the URL can spend your money');
  expect((await world.deploy('--memory', '1024')).stderr).not.toContain('can spend your money');
});

test('what a mode needs is not asked again of a stack that has it', async () => {
  const pool = `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_Pool1`;
  expect((await world.deploy('--auth', 'cognito', '--user-pool-arn', pool)).exitCode).toBe(0);
  expect((await world.deploy('--auth', 'iam')).exitCode).toBe(0);
  expect((await world.deploy('--auth', 'cognito')).exitCode).toBe(0);
  const refused = await world.deploy('--user-pool-arn', '');
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--auth cognito needs --user-pool-arn')]);
});

test('what API Gateway cannot change at once is refused with the way round', async () => {
  const domain = ['--domain', 'api.example.com', '--base-path', 'agent', '--hosted-zone-id', 'Z01'];
  const certificate = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01ab`;
  await world.deploy(...domain, '--certificate-arn', certificate);
  const moved = await world.deploy('--endpoint-type', 'edge');
  expect(moved.stderr).toContain('cannot go from regional to edge at once: the domain');
  expect(moved.stderr).toContain('deploy --domain ""');
  const both = await world.deploy('--endpoint-type', 'edge', '--domain', '');
  expect(both.stderr).toContain('cannot go from regional to edge at once: the domain');
  const bare = await world.deploy('--base-path', '');
  expect(bare.stderr).toContain('cannot go from a base path to none at once');
  expect((await world.deploy('--base-path', 'other')).exitCode).toBe(0);
  const off = await world.deploy('--domain', '', '--json');
  expect(resultOf(off)).toMatchObject({ outcome: 'updated' });
  const types = jsonLines(off.stdout).flatMap(({ changes }) => (changes as unknown[]) ?? []);
  expect(types).toContainEqual(expect.objectContaining({ action: 'Remove', logicalId: 'Domain' }));
  await world.deploy('--endpoint-type', 'private', '--vpc-endpoint-id', 'vpce-1');
  const edge = await world.deploy('--endpoint-type', 'edge');
  expect([edge.exitCode, edge.stderr]).toEqual([2, expect.stringContaining('cannot go from private to edge at once')]);
  expect((await world.deploy('--endpoint-type', 'regional')).exitCode).toBe(0);
  expect((await world.deploy('--endpoint-type', 'edge')).exitCode).toBe(0);
});

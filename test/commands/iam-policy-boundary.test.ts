import { expect, test } from 'vitest';
import { AGENT_ARN } from '../helpers/chain.ts';
import { type Policy, printPolicy, refused, words } from '../helpers/policy-coverage.ts';
import { type PolicyWorld, startPolicyWorld } from '../helpers/policy-world.ts';
import { runCli } from '../helpers/run-cli.ts';

const BOUNDARY = 'arn:aws:iam::000000000000:policy/boundary';
const OTHER_BOUNDARY = 'arn:aws:iam::000000000000:policy/wider';
const BOUNDED = ['--permissions-boundary', BOUNDARY];
const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN];

async function inWorld(policy: Policy, work: (world: PolicyWorld) => Promise<void>) {
  const world = await startPolicyWorld(policy);
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

test('a role is made and changed with its boundary only', async () => {
  const policy = await printPolicy(...BOUNDED);
  const text = JSON.stringify(policy);
  expect(text).not.toContain('iam:DeleteRolePermissionsBoundary');
  const conditioned = policy.Statement.filter((each) => 'Condition' in each);
  expect(conditioned.map(({ Action }) => Action)).toContainEqual([
    'iam:CreateRole',
    'iam:DeleteRolePolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
  ]);
  expect(text).toContain(`"Condition":{"StringEquals":{"iam:PermissionsBoundary":"${BOUNDARY}"}}`);
});

test.each([
  ['no boundary', []],
  ['another boundary', ['--permissions-boundary', OTHER_BOUNDARY]],
])('a deploy with %s makes no role', async (_, options) => {
  await inWorld(await printPolicy(...BOUNDED), async (world) => {
    const { exitCode, stderr } = await world.run(...DEPLOY, ...options);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('iam:CreateRole')]);
    expect(new Set(refused(world.asked).map((each) => each.split(':')[0]))).toEqual(new Set(['iam']));
  });
});

test.each([
  ['taken off', '', 'iam:DeleteRolePermissionsBoundary'],
  ['changed', OTHER_BOUNDARY, 'iam:PutRolePermissionsBoundary'],
])('the boundary of a stack may not be %s', async (_, boundary, action) => {
  await inWorld(await printPolicy(...BOUNDED), async (world) => {
    expect((await world.run(...DEPLOY, ...BOUNDED)).exitCode).toBe(0);
    const { exitCode, stderr } = await world.run('deploy', '--permissions-boundary', boundary);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(action)]);
    expect(refused(world.asked)).toEqual([expect.stringContaining(action)]);
    expect((await world.run('destroy', '--yes')).exitCode).toBe(0);
  });
});

test('the policies of a role without the boundary may not be changed', async () => {
  await inWorld(await printPolicy(...BOUNDED), async (world) => {
    await world.runAsOwner(...DEPLOY);
    const { exitCode, stderr } = await world.run('deploy', '--tracing');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('iam:DeleteRolePolicy')]);
  });
});

test.each([
  ['', true],
  ['--for deploy', true],
  [`--permissions-boundary ${BOUNDARY}`, false],
  ['--for run', false],
  ['--role-arn arn:aws:iam::000000000000:role/cloudformation', false],
])('iam-policy %s: says that roles are unbounded: %s', async (options, isSaid) => {
  const args = ['iam-policy', '--agent-arn', AGENT_ARN, '--stack-name', 'staging'];
  const { stderr } = await runCli([...args, ...(options ? words(options) : [])]);
  const lines = stderr.split('\n').filter((line) => line.includes('--permissions-boundary'));
  expect(lines).toHaveLength(isSaid ? 1 : 0);
  if (isSaid) expect(lines[0]).toContain('the policy allows creating roles named staging-* with any permissions');
});

import { expect, test } from 'vitest';
import { resourceGrants } from '../../src/stack/policy/resource-grants.ts';
import { readStackTemplate } from '../../src/templates/read-template.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { printPolicy, refused, without, words } from '../helpers/policy-coverage.ts';
import { DEPLOYER_ARN, SERVICE_ROLE_ARN, startPolicyWorld } from '../helpers/policy-world.ts';
import { runCli } from '../helpers/run-cli.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
const BOUNDARY = 'arn:aws:iam::000000000000:policy/boundary';

const DEPLOY_NEEDS = [
  'cloudformation:CreateChangeSet',
  'cloudformation:ExecuteChangeSet',
  'iam:PassRole',
  'iam:PutRolePolicy',
  'lambda:CreateFunction',
  'lambda:TagResource',
  'logs:CreateLogGroup',
  'apigateway:POST',
  'apigateway:PUT',
];
const DESTROY_NEEDS = ['cloudformation:DeleteStack', 'iam:DeleteRole', 'apigateway:DELETE'];

test.each([...DEPLOY_NEEDS, ...DESTROY_NEEDS])(
  'without %s it fails, and the person is told which permission is missing',
  async (action) => {
    const policy = await printPolicy();
    const world = await startPolicyWorld(without(policy, action));
    const isForDeploy = DEPLOY_NEEDS.includes(action);
    try {
      const deploy = ['deploy', '--agent-arn', AGENT_ARN];
      const failing = isForDeploy ? await world.run(...deploy) : undefined;
      if (!failing) expect((await world.run(...deploy)).exitCode).toBe(0);
      const { exitCode, stderr } = failing ?? (await world.run('destroy', '--yes'));
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(action)]);
      const asked = refused(world.asked);
      expect(asked).not.toEqual([]);
      expect(asked.filter((each) => !each.startsWith(action))).toEqual([]);
    } finally {
      await world.close();
    }
  },
);

test.each([
  ['sns:GetSubscriptionAttributes', '--alarms ops@example.com'],
  ['wafv2:TagResource', '--waf'],
  ['cloudwatch:TagResource', '--dashboard'],
  ['iam:CreateServiceLinkedRole', `--domain api.example.com --certificate-arn ${CERTIFICATE}`],
  ['logs:GetDataProtectionPolicy', '--auth none'],
])('CloudFormation needs %s for a stack with %s', async (action, options) => {
  const world = await startPolicyWorld(without(await printPolicy(...words(options)), action));
  try {
    const { exitCode, stderr } = await world.run('deploy', '--agent-arn', AGENT_ARN, ...words(options));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(action)]);
  } finally {
    await world.close();
  }
});

test('the policy to destroy is enough to destroy, and to do nothing else', async () => {
  const world = await startPolicyWorld(await printPolicy('--for', 'destroy'));
  try {
    expect((await world.runAsOwner('deploy', '--agent-arn', AGENT_ARN)).exitCode).toBe(0);
    expect((await world.run('deploy', '--memory', '1024')).stderr).toContain('cloudformation:CreateChangeSet');
    const { exitCode, stderr } = await world.run('destroy', '--yes');
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    const plan = world.asked.filter(({ resource }) => resource.includes('/usageplans/'));
    expect(plan.map(({ action }) => action)).toContain('apigateway:PATCH');
  } finally {
    await world.close();
  }
});

test('why a change set was refused is read by its ARN', async () => {
  const world = await startPolicyWorld(await printPolicy());
  world.misfortune.failValidation = { Function: { name: 'PROPERTY_VALIDATION', reason: 'Not so.', path: '/Resources/Function' } };
  try {
    const { exitCode, stderr } = await world.run('deploy', '--agent-arn', AGENT_ARN);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Not so.')]);
    const reads = world.asked.filter(({ action }) => action === 'cloudformation:DescribeEvents');
    expect(reads.some(({ resource, allowed }) => allowed && resource.includes(':changeSet/'))).toBe(true);
  } finally {
    await world.close();
  }
});

test('the reads of settings that a template leaves out can be switched off', async () => {
  const world = await startPolicyWorld(without(await printPolicy(), 'logs:GetDataProtectionPolicy'));
  world.misfortune.readsUnset = false;
  try {
    expect((await world.run('deploy', '--agent-arn', AGENT_ARN)).exitCode).toBe(0);
  } finally {
    await world.close();
  }
});

test('with a service role the person hands it over and does nothing else, and the role does it all', async () => {
  const options = ['--role-arn', SERVICE_ROLE_ARN];
  const rolePolicy = await printPolicy('--for', 'deploy');
  const policy = await printPolicy(...options);
  const world = await startPolicyWorld(policy, rolePolicy);
  try {
    const deploy = ['deploy', '--agent-arn', AGENT_ARN, ...options];
    expect((await world.run(...deploy)).exitCode).toBe(0);
    // The role stays with the stack.
    expect((await world.run('deploy', '--memory', '1024')).exitCode).toBe(0);
    expect((await world.run('destroy', '--yes')).exitCode).toBe(0);
    expect(refused(world.all)).toEqual([]);
    const made = world.all.filter(({ action }) => action === 'lambda:CreateFunction');
    expect(made.map(({ caller }) => caller)).toEqual([
      // That of the account's own stack.
      'arn:aws:iam::000000000000:root',
      SERVICE_ROLE_ARN,
    ]);
    expect(JSON.stringify(policy)).not.toContain('lambda:CreateFunction');
    const asked = world.asked.map(({ action, resource }) => `${action} on ${resource}`);
    expect(asked).toContain(`iam:PassRole on ${SERVICE_ROLE_ARN}`);
  } finally {
    await world.close();
  }
  const refusing = await startPolicyWorld(without(policy, 'iam:PassRole'), rolePolicy);
  try {
    const { exitCode, stderr } = await refusing.run(...words(`deploy --agent-arn ${AGENT_ARN} --role-arn ${SERVICE_ROLE_ARN}`));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('iam:PassRole')]);
  } finally {
    await refusing.close();
  }
});

test('--for run is for those who call it, and no more', async () => {
  const world = await startPolicyWorld(await printPolicy('--for', 'run'));
  try {
    await world.runAsOwner('deploy', '--agent-arn', AGENT_ARN);
    for (const args of [['invoke', 'hello'], ['status'], ['logs']]) {
      expect((await world.run(...args)).exitCode).toBe(0);
    }
    expect(refused(world.asked)).toEqual([]);
    expect((await world.run('deploy', '--memory', '1024')).exitCode).toBe(1);
    expect((await world.run('destroy', '--yes')).exitCode).toBe(1);
    expect(refused(world.asked).length).toBeGreaterThan(0);
    expect(world.asked[0]?.caller).toBe(DEPLOYER_ARN);
  } finally {
    await world.close();
  }
});

test('says how large it is, and keeps to the limit of a managed policy with everything that goes together', async () => {
  const { stdout, stderr } = await runCli([
    ...words(`iam-policy --agent-arn ${AGENT_ARN} --json --stack-name a-name-of-some-length`),
    ...words(`--domain api.example.com --certificate-arn ${CERTIFICATE} --base-path agent`),
    ...words('--hosted-zone-id Z0123456789 --waf --dashboard --alarms ops@example.com'),
    ...words('--endpoint-type edge --access-log --allow-cidr 127.0.0.0/8 --max-concurrency 20 --tracing'),
    ...words(`--tag team=a --permissions-boundary ${BOUNDARY} --termination-protection`),
  ]);
  expect(stdout.trim().length).toBeLessThan(6_144);
  expect(stderr).toBe(
    `${(stdout.length - 1).toLocaleString('en-US')} characters without white space; the limit of a managed policy is 6,144\n`,
  );
});

test.each([
  [[], 'the Region of the stack is unknown'],
  [['--region', 'eu-west-1'], 'the account of the stack is unknown'],
  [['--account-id', '12'], '--account-id takes twelve digits, not 12'],
  [['--for', 'fun'], '--for takes one of deploy, run, destroy, not fun'],
  [['--agent-arn', AGENT_ARN, '--auth', 'cognito'], '--auth cognito needs --user-pool-arn'],
])('wrong use: %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await runCli(['iam-policy', ...args]);
  expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])(
  '%s is in the partition %s, and a stack with a long name has ARNs with what its names begin with',
  async (region, partition) => {
    const { stdout } = await runCli([
      ...words(`iam-policy --account-id 111122223333 --region ${region}`),
      ...words('--stack-name a-stack-whose-name-is-very-long-indeed'),
    ]);
    expect(stdout).toContain(`arn:${partition}:iam::111122223333:role/a-stack-whose-name-is-ve*`);
    expect(stdout).not.toContain('arn:aws:');
  },
);

test('the permissions of every resource type of the template are known', async () => {
  const { Resources } = (await readStackTemplate()).sections;
  const place = {
    partition: 'aws',
    region: 'eu-west-1',
    accountId: '111122223333',
    stackName: 'stack',
    domainName: 'api.example.com',
    isTagged: true,
  };
  for (const [logicalId, { Type: type }] of Object.entries(Resources)) {
    const { change, remove } = resourceGrants({ logicalId, type, properties: {} }, place);
    expect([type, change.length > 0, remove.length > 0]).toEqual([type, true, true]);
  }
  const unknown = { logicalId: 'X', type: 'AWS::S3::Bucket', properties: {} };
  expect(() => resourceGrants(unknown, place)).toThrow('AWS::S3::Bucket');
});

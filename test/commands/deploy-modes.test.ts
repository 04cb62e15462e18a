import { DescribeChangeSetCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/index.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { startLosingProxy } from '../helpers/losing-proxy.ts';
import { runCli } from '../helpers/run-cli.ts';
import { startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const describe = async () => {
  const { cloudFormation } = world;
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'agentstream' }));
  return Stacks?.[0];
};

test('--express: complete when configured, and with rollback said explicitly', async () => {
  const result = await world.deploy('--express');
  expect(result.exitCode).toBe(0);
  const stack = await describe();
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: false } });
  const changeSet = await world.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: stack?.ChangeSetId }));
  expect(changeSet.DeploymentConfig).toEqual({ Mode: 'EXPRESS', DisableRollback: false });
});

test('--express that fails is rolled back like any other, unless --no-rollback', async () => {
  world.misfortune.failResources = { Stage: 'No.' };
  expect((await world.deploy('--express')).exitCode).toBe(1);
  expect(await world.status()).toBe('ROLLBACK_COMPLETE');
  expect((await world.deploy('--express', '--no-rollback')).exitCode).toBe(1);
  expect(await world.status()).toBe('CREATE_FAILED');
  expect(await describe()).toMatchObject({ DeploymentConfig: { DisableRollback: true } });
});

test('an express update that was left as it failed is gone on with, as it cannot be rolled back', async () => {
  const url = (await world.deploy('--express')).stdout;
  world.misfortune.failResources = { Function: 'No.' };
  await world.run('deploy', '--memory', '1024', '--express', '--no-rollback');
  expect(await world.status()).toBe('UPDATE_FAILED');
  world.misfortune.failResources = {};
  const before = world.calls.length;
  expect(await world.run('deploy', '--memory', '1024')).toMatchObject({ exitCode: 0, stdout: url });
  expect(world.calls.slice(before)).not.toContain('cloudformation RollbackStack');
});

test.each(['CreateChangeSet', 'ExecuteChangeSet', 'DeleteStack'])(
  'an answer to %s that is lost on the way: it is done once, and all ends well',
  async (action) => {
    const proxy = await startLosingProxy(world.emulator.url, action);
    const env = { ...world.env, AWS_ENDPOINT_URL: proxy.url };
    const deployed = await runCli(['deploy', '--agent-arn', AGENT_ARN], { env });
    expect(deployed).toMatchObject({ exitCode: 0 });
    const destroyed = await runCli(['destroy', '--yes'], { env });
    expect(destroyed).toMatchObject({ exitCode: 0 });
    expect(destroyed.stderr).toContain('19 resources removed, nothing is left');
    expect(proxy.lost()).toBe(1);
    await world.expectNothing();
    await proxy.close();
  },
);

test('a control plane that throttles is asked more slowly, and the deploy ends well', async () => {
  let refused = 0;
  world.misfortune.refuseCall = ({ action }) => {
    if (action !== 'DescribeStackEvents' || refused >= 6) return undefined;
    refused += 1;
    return new AwsError('Throttling', 400, 'Rate exceeded');
  };
  const result = await world.deploy();
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain('AWS throttles our requests: polling more slowly\n');
  expect(result.stderr).toContain('AWS answers again');
});

test('--flush-mode reaches the stack, and a wrong value is refused', async () => {
  await world.deploy('--flush-mode', '16384');
  expect((await describe())?.Parameters).toContainEqual({ ParameterKey: 'FlushMode', ParameterValue: '16384' });
  const wrong = await world.run('deploy', '--flush-mode', 'sometimes');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('--flush-mode takes auto, off, pause or a number of bytes');
});

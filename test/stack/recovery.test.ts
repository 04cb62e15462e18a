import {
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeStack } from '../../src/aws/stack.ts';
import { discardChangeSet } from '../../src/stack/change-set.ts';
import { createStackContext } from '../../src/stack/stack-context.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const OK = { exitCode: 0 };

test('ROLLBACK_COMPLETE: what a failed create left is removed, and the stack made anew', async () => {
  world.misfortune.failResources = { Function: 'No room.' };
  expect((await world.deploy()).exitCode).toBe(1);
  expect(await world.status()).toBe('ROLLBACK_COMPLETE');
  world.misfortune.failResources = {};
  const again = await world.deploy();
  expect(again).toMatchObject(OK);
  expect(again.stderr).toContain('deleting the remains of a failed create (ROLLBACK_COMPLETE)');
  expect(await world.status()).toBe('CREATE_COMPLETE');
});

test('ROLLBACK_FAILED: the same, with what the rollback could not delete', async () => {
  world.misfortune.failResources = { Stage: 'No.' };
  world.misfortune.failDeletes = { Function: 'The function is in use.' };
  const failed = await world.deploy();
  // The cause, and not what came of it.
  expect(failed.stderr).toContain('error: Stage (AWS::ApiGateway::Stage) failed: No.');
  expect(await world.status()).toBe('ROLLBACK_FAILED');
  world.misfortune.failResources = {};
  const stuck = await world.deploy('--json');
  expect(stuck.exitCode).toBe(1);
  expect(resultOf(stuck)).toMatchObject({ ok: false, error: { code: 'STACK_STUCK' } });
  expect(stuck.stderr).toContain(
    'error: the stack agentstream is DELETE_FAILED and cannot be deployed to: Function (AWS::Lambda::Function) failed: The function is in use.\nhint: fix the cause, then deploy again',
  );
  world.misfortune.failDeletes = {};
  const again = await world.deploy();
  expect(again).toMatchObject(OK);
  expect(again.stderr).toContain('deleting the remains of a failed delete (DELETE_FAILED)');
});

test('CREATE_FAILED: kept by --no-rollback, gone on with by --no-rollback, else made anew', async () => {
  world.misfortune.failResources = { Stage: 'No.' };
  const failed = await world.deploy('--no-rollback');
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain(
    'the stack is now CREATE_FAILED; fix the cause and deploy again with --no-rollback to continue from there, or without it to start over',
  );
  expect(await world.status()).toBe('CREATE_FAILED');
  const { roles } = world.emulator.inventory();
  expect(roles).toHaveLength(1);

  world.misfortune.failResources = {};
  const further = await world.deploy('--no-rollback');
  expect(further).toMatchObject(OK);
  // What was there is still there: it went on, and did not begin anew.
  expect(world.emulator.inventory().roles).toEqual(roles);

  await world.reset();
  world.misfortune.failResources = { Stage: 'No.' };
  await world.deploy('--no-rollback');
  world.misfortune.failResources = {};
  const anew = await world.deploy();
  expect(anew.stderr).toContain('deleting the remains of a failed create (CREATE_FAILED)');
  expect(anew).toMatchObject(OK);
});

test('UPDATE_FAILED: gone on with by --no-rollback, else rolled back first, and the URL stays', async () => {
  const url = (await world.deploy()).stdout;
  world.misfortune.failResources = { Function: 'Not now.' };
  await world.run('deploy', '--memory', '1024', '--no-rollback');
  expect(await world.status()).toBe('UPDATE_FAILED');
  world.misfortune.failResources = {};
  const further = await world.run('deploy', '--memory', '1024', '--no-rollback');
  expect(further).toMatchObject({ ...OK, stdout: url });

  world.misfortune.failResources = { Function: 'Not now.' };
  await world.run('deploy', '--memory', '2048', '--no-rollback');
  world.misfortune.failResources = {};
  const anew = await world.run('deploy', '--heartbeat', '9s');
  expect(anew.stderr).toContain('rolling back the failed update of agentstream');
  expect(anew).toMatchObject({ ...OK, stdout: url });
  expect(resultOf(await world.run('status', '--json'))).toMatchObject({
    status: 'UPDATE_COMPLETE',
    parameters: { MemorySize: '1024', HeartbeatMs: '9000' },
  });
});

test('UPDATE_ROLLBACK_FAILED: the rollback is continued; if that fails, too, it is explained and nothing is lost', async () => {
  const url = (await world.deploy()).stdout;
  world.misfortune.failResources = { Stage: 'No.' };
  world.misfortune.failRestores = { Function: 'The function cannot be put back.' };
  await world.run('deploy', '--rate-limit', '7', '--memory', '1024');
  expect(await world.status()).toBe('UPDATE_ROLLBACK_FAILED');
  world.misfortune.failResources = {};
  const stuck = await world.run('deploy', '--memory', '1024');
  expect(stuck.exitCode).toBe(1);
  expect(stuck.stderr).toContain(
    'error: the stack agentstream is UPDATE_ROLLBACK_FAILED and cannot be deployed to: Function (AWS::Lambda::Function) failed: The function cannot be put back.',
  );
  expect(stuck.stderr).toContain(
    'aws cloudformation continue-update-rollback --region us-east-1 --stack-name agentstream --resources-to-skip Function',
  );
  world.misfortune.failRestores = {};
  const again = await world.run('deploy', '--memory', '1024');
  expect(again.stderr).toContain('continuing the failed rollback of agentstream');
  expect(again).toMatchObject({ ...OK, stdout: url });
});

test('REVIEW_IN_PROGRESS: the shell of a deploy that was killed is used', async () => {
  await world.cloudFormation.send(
    new CreateChangeSetCommand({
      StackName: 'agentstream',
      ChangeSetName: 'agentstream-of-a-deploy-that-was-killed',
      ChangeSetType: 'CREATE',
      TemplateBody: (await world.run('template')).stdout,
      Parameters: [{ ParameterKey: 'AgentRuntimeArn', ParameterValue: AGENT_ARN }],
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  expect(await world.status()).toBe('REVIEW_IN_PROGRESS');
  expect(await world.deploy()).toMatchObject(OK);
  expect(await world.status()).toBe('CREATE_COMPLETE');
});

test('a stack of somebody else is left alone by deploy and by destroy', async () => {
  const { cloudFormation } = world;
  await cloudFormation.send(
    new CreateChangeSetCommand({
      StackName: 'agentstream',
      ChangeSetName: 'theirs',
      ChangeSetType: 'CREATE',
      TemplateBody: 'Resources: { Logs: { Type: AWS::Logs::LogGroup } }',
    }),
  );
  const refused = await world.deploy('--json');
  expect(refused.exitCode).toBe(1);
  expect(resultOf(refused)).toMatchObject({ ok: false, error: { code: 'FOREIGN_STACK' } });
  expect(refused.stderr).toContain(
    'error: the stack agentstream was not created by agentstream\nhint: deploy under another name: --stack-name',
  );
  const kept = await world.run('destroy', '--yes');
  expect(kept.stderr).toContain('hint: delete it anyway: --force');
  expect(kept.exitCode).toBe(1);
  expect(await world.status()).toBe('REVIEW_IN_PROGRESS');
  expect(await world.run('destroy', '--yes', '--force')).toMatchObject(OK);
  await world.expectNothing();
});

test('a dry run of a stack that needs mending changes nothing, and says so', async () => {
  world.misfortune.failResources = { Function: 'No.' };
  await world.deploy();
  const dry = await world.deploy('--dry-run', '--json');
  expect(dry.exitCode).toBe(1);
  expect(resultOf(dry)).toMatchObject({ ok: false, error: { code: 'NEEDS_RECOVERY' } });
  expect(dry.stderr).toContain('the stack agentstream is ROLLBACK_COMPLETE: a deploy would recover it first');
  expect(await world.status()).toBe('ROLLBACK_COMPLETE');
});

test('a change set of somebody else in the same shell keeps the shell', async () => {
  const { cloudFormation } = world;
  await cloudFormation.send(
    new CreateChangeSetCommand({
      StackName: 'agentstream',
      ChangeSetName: 'agentstream-of-another-deploy',
      ChangeSetType: 'CREATE',
      TemplateBody: 'Resources: { Logs: { Type: AWS::Logs::LogGroup } }',
    }),
  );
  expect(await world.deploy('--dry-run')).toMatchObject(OK);
  const { Summaries = [] } = await cloudFormation.send(new ListChangeSetsCommand({ StackName: 'agentstream' }));
  expect(Summaries.map(({ ChangeSetName }) => ChangeSetName)).toEqual(['agentstream-of-another-deploy']);
  await cloudFormation.send(new DeleteStackCommand({ StackName: 'agentstream' }));
});

test('the settings of a failed create are taken along, or nothing is deleted', async () => {
  world.misfortune.failResources = { Function: 'no luck' };
  expect((await world.deploy('--auth', 'iam', '--memory', '256', '--tag', 'team=search')).exitCode).toBe(1);
  world.misfortune.failResources = {};
  const status = await world.run('status');
  expect(status.stdout).toMatch(/^Status +ROLLBACK_COMPLETE.*\nDeployed +nothing is deployed yet\nAgent /m);
  // A combination that cannot be is refused while the settings are still there.
  const refused = await world.run('deploy', '--session-scope', 'caller', '--auth', 'none');
  expect(refused.exitCode).toBe(2);
  expect(await world.status()).toBe('ROLLBACK_COMPLETE');
  const again = await world.run('deploy', '--memory', '512', '--tag', 'stage=test');
  expect(again.exitCode, again.stderr).toBe(0);
  expect(resultOf(await world.run('status', '--json'))).toMatchObject({
    status: 'CREATE_COMPLETE',
    parameters: { AuthMode: 'iam', MemorySize: '512' },
  });
  const { Stacks = [] } = await world.cloudFormation.send(new DescribeStacksCommand({ StackName: 'agentstream' }));
  expect(Stacks[0]?.Tags).toEqual([
    { Key: 'team', Value: 'search' },
    { Key: 'stage', Value: 'test' },
  ]);
});

test('a stack without resources has no settings', async () => {
  await world.cloudFormation.send(
    new CreateChangeSetCommand({
      StackName: 'agentstream',
      ChangeSetName: 'agentstream-left',
      ChangeSetType: 'CREATE',
      TemplateBody: 'Resources: {G: {Type: AWS::Logs::LogGroup}}',
    }),
  );
  const { exitCode, stdout } = await world.run('status');
  expect(exitCode).toBe(0);
  expect(stdout.replaceAll(/ +/g, ' ')).toBe(
    'Stack agentstream in us-east-1\nStatus REVIEW_IN_PROGRESS (User Initiated)\nDeployed nothing is deployed yet\n' +
      'hint: deploy it: agentstream deploy --region us-east-1 --agent-arn ARN, or remove the empty stack: agentstream destroy --region us-east-1\n',
  );
});

test('a change set for a new stack that is let go takes no stack along that has been made since', async () => {
  await world.deploy('--auth', 'none');
  const before = await describeStack(world.cloudFormation, 'agentstream');
  const made = await world.cloudFormation.send(
    new CreateChangeSetCommand({
      StackName: 'agentstream',
      ChangeSetName: 'agentstream-left',
      ChangeSetType: 'UPDATE',
      TemplateBody: 'Resources: {G: {Type: AWS::Logs::LogGroup}}',
    }),
  );
  const notes: unknown[] = [];
  const input = { onEvent: (event: unknown) => notes.push(event), signal: new AbortController().signal };
  const context = createStackContext(world.cloudFormation, input);
  await discardChangeSet(context, { id: made.Id ?? '', stackId: made.StackId ?? '', type: 'CREATE' });
  expect(notes).toEqual([]);
  expect(await describeStack(world.cloudFormation, 'agentstream')).toEqual(before);
});

import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { REGION } from '../helpers/chain.ts';
import { jsonLines } from '../helpers/run-cli.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const destroy = (...args: string[]) => world.run('destroy', '--yes', ...args);

test('lists what goes, deletes it, tells what is not ours, and leaves nothing in any service', async () => {
  await world.deploy();
  const url = (await world.run('status', '--url')).stdout.trim();
  const result = await destroy('--verbose');
  expect(result).toMatchObject({ exitCode: 0, stdout: '' });
  expect(result.stderr).toMatch(/AWS::Lambda::Function +agentstream-Function-/);
  const plan = [
    'Deleting the stack agentstream in us-east-1:',
    `  the URL ${url} stops answering; another deploy gets a new one`,
    '  the API key stops working for every client, for good',
    '  the logs go with their log groups',
    '  19 resources:',
  ];
  expect(result.stderr.split('\n').slice(0, plan.length)).toEqual(plan);
  expect(result.stderr).toContain('DELETE_COMPLETE Function (AWS::Lambda::Function)');
  expect(result.stderr).toContain(
    'destroyed agentstream: 19 resources removed, nothing is left\nnot part of the stack, and untouched: the agent test_agent-0123456789\n',
  );
  await world.expectNothing();
});

test('says first what hurts: domain, both keys, what stays; ids only on request', async () => {
  const certificate = `arn:aws:acm:${REGION}:000000000000:certificate/01ab`;
  await world.deploy('--domain', 'api.example.com', '--certificate-arn', certificate);
  await world.run('key', 'rotate');
  const { stderr } = await destroy();
  expect(stderr).toMatch(/ the URL \S+ stops answering; another deploy gets the same one\n/);
  expect(stderr).toContain('  the custom domain api.example.com goes, its DNS record leads nowhere then\n');
  expect(stderr).toContain('  both API keys stop working for every client, for good\n');
  expect(stderr).toMatch(
    / {2}\d\d resources \(--verbose lists them\)\n {2}kept: the certificate 01ab, the agent test_agent-0123456789\n/,
  );
  expect(stderr.split('DELETE')[0]).not.toContain('agentstream-Function-');
});

test('with nothing there it says so, where it looked, and exits 0', async () => {
  await world.deploy('--stack-name', 'chain');
  const result = await destroy('--stack-name', 'nobody');
  expect(result).toMatchObject({
    exitCode: 0,
    stderr: 'nothing to destroy: there is no stack nobody in us-east-1\nagentstream stacks in us-east-1: chain\n',
  });
  const asJson = await world.run('destroy', '--stack-name', 'nobody', '--json');
  expect(jsonLines(asJson.stdout)).toEqual([
    { type: 'result', version: 1, ok: true, found: false, stackName: 'nobody', region: REGION, removed: [], kept: [] },
  ]);
  const elsewhere = await destroy('--stack-name', 'chain', '--region', 'eu-west-1');
  expect(elsewhere.stderr).toBe('nothing to destroy: there is no stack chain in eu-west-1\n');
  await destroy('--stack-name', 'chain');
});

test('without a terminal it wants --yes, and touches nothing', async () => {
  await world.deploy();
  const result = await world.run('destroy', '--json');
  expect(result.exitCode).toBe(2);
  expect(resultOf(result)).toMatchObject({ ok: false, error: { code: 'CONFIRMATION_NEEDED' } });
  expect(result.stderr).toContain('hint: add --yes');
  expect(await world.status()).toBe('CREATE_COMPLETE');
});

test('asks, and takes no for an answer', async () => {
  await world.deploy();
  const env = { ...world.env, NO_COLOR: '1' };
  const terminal = createMemoryTerminal({ env, isTTY: true, stdin: 'n\n' });
  expect(await main(['destroy'], terminal)).toBe(130);
  expect(terminal.text.stderr).toContain('Delete all of it? [y/N] stopped: nothing was changed');
  expect(await world.status()).toBe('CREATE_COMPLETE');
});

test('tells a program what was removed, kept and not ours, event by event', async () => {
  await world.deploy();
  const result = await destroy('--json');
  const lines = jsonLines(result.stdout);
  expect(new Set(lines.map(({ version }) => version))).toEqual(new Set([1]));
  expect(lines.map(({ type }) => type)).toContain('stack-event');
  const last = lines.at(-1);
  expect(last).toMatchObject({ type: 'result', ok: true, found: true, kept: [], notOurs: ['the agent test_agent-0123456789'] });
  expect(last?.['removed']).toHaveLength(19);
});

test('what is retained is reported as kept, with its name', async () => {
  const own = await startStackWorld();
  const template = (await own.run('template')).stdout;
  await own.putUp(template.replace('DeletionPolicy: Delete', 'DeletionPolicy: Retain'));
  const result = await own.run('destroy', '--yes');
  const [logGroup] = own.emulator.inventory().logGroups;
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain(`18 resources removed, kept: FunctionLogGroup (AWS::Logs::LogGroup ${logGroup})`);
  await own.close();
});

test('DELETE_FAILED: which resource and why, exit 1, and again when the cause is mended', async () => {
  await world.deploy();
  world.misfortune.failDeletes = {
    Function: 'The function arn:aws:lambda:us-east-1:111122223333:function:x is in use.',
    ApiKey: 'The key is in use.',
  };
  const failed = await destroy();
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toMatch(
    /error: (Function|ApiKey) \(.*\) could not be deleted: The .* is in use\.; neither could (Function|ApiKey)\nhint: fix the cause, then run agentstream destroy --region \S+ again/,
  );
  expect(failed.stderr).not.toMatch(/arn:aws|\d{12}/);
  expect(await world.status()).toBe('DELETE_FAILED');
  expect(resultOf(await destroy('--json'))).toMatchObject({ ok: false, error: { code: 'DESTROY_FAILED' } });
  world.misfortune.failDeletes = {};
  expect(await destroy()).toMatchObject({ exitCode: 0 });
  await world.expectNothing();
});

test('a deletion that failed for another reason than throttling is not tried again', async () => {
  await world.deploy();
  world.misfortune.failDeletes = { Api: 'Too Many Requests', ApiKey: 'The key is in use.' };
  const failed = await destroy();
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).not.toContain('trying again');
});

test('a protected stack stays, and the command that unlocks it is told', async () => {
  await world.deploy('--stack-name', 'staging');
  const protect = (EnableTerminationProtection: boolean) =>
    world.cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName: 'staging', EnableTerminationProtection }));
  await protect(true);
  const result = await destroy('--stack-name', 'staging', '--json');
  expect(result.exitCode).toBe(1);
  expect(resultOf(result)).toMatchObject({ ok: false, error: { code: 'STACK_PROTECTED' } });
  expect(result.stderr).toContain('the stack staging is protected from deletion');
  expect(result.stderr).toContain(`agentstream deploy --stack-name staging --region ${REGION} --no-termination-protection`);
  await protect(false);
  expect((await destroy('--stack-name', 'staging')).exitCode).toBe(0);
});

test('two destroys at once: the second follows the first', async () => {
  await world.deploy();
  const release = world.hold('Function');
  const first = world.begin('destroy', '--yes');
  await expect.poll(() => first.terminal.text.stderr).toContain('DELETE_IN_PROGRESS Function');
  const second = world.begin('destroy', '--yes');
  await expect.poll(() => second.terminal.text.stderr).toContain('agentstream is being deleted already: following it');
  release();
  expect(await Promise.all([first.done, second.done])).toEqual([0, 0]);
  expect(second.terminal.text.stderr).toContain('19 resources removed');
});

test('Ctrl-C leaves the deletion to AWS and says how to follow it', async () => {
  await world.deploy();
  const release = world.hold('Function');
  const { terminal, done } = world.begin('destroy', '--yes');
  await expect.poll(() => terminal.text.stderr).toContain('DELETE_IN_PROGRESS Function');
  terminal.interrupt();
  expect(await done).toBe(130);
  expect(terminal.text.stderr).toContain(
    'hint: the operation continues in AWS; follow it with: agentstream destroy --region us-east-1',
  );
  release();
  await expect.poll(() => world.status()).toBeUndefined();
  await world.expectNothing();
});

test('an update that runs is waited for, then all goes', async () => {
  await world.deploy();
  const release = world.hold('Function');
  const deploy = world.begin('deploy', '--memory', '1024');
  await expect.poll(() => world.status()).toBe('UPDATE_IN_PROGRESS');
  const { terminal, done } = world.begin('destroy', '--yes');
  await expect.poll(() => terminal.text.stderr).toContain('another operation is in progress on agentstream (UPDATE_IN_PROGRESS)');
  release();
  expect(await done).toBe(0);
  expect([0, 1]).toContain(await deploy.done);
  await world.expectNothing();
});

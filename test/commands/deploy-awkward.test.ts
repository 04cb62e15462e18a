import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { AwsError } from '../../src/emulator/index.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import type { StackReport } from '../../src/stack/stack-report.ts';
import { createTemplateRenderer } from '../../src/stack/template-renderer.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { startCuttableProxy } from '../helpers/cuttable-proxy.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { runCli } from '../helpers/run-cli.ts';
import { resultOf, startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN, '--no-verify'];

test('two deploys at once: both end well, one after the other, and no change is lost', async () => {
  const release = world.hold('Function');
  const first = world.begin(...DEPLOY, '--memory', '1024');
  const second = world.begin(...DEPLOY, '--heartbeat', '9s');
  const said = () => first.terminal.text.stderr + second.terminal.text.stderr;
  await expect.poll(said).toContain('another operation is in progress on agentstream (CREATE_IN_PROGRESS)');
  release();
  expect(await Promise.all([first.done, second.done])).toEqual([0, 0]);
  const { parameters } = resultOf(await world.run('status', '--json'));
  expect(parameters).toMatchObject({ MemorySize: '1024', HeartbeatMs: '9000' });
});

test('a change set that a faster deploy has swept away is made again', async () => {
  await world.deploy();
  let isSwept = false;
  world.misfortune.refuseCall = ({ action }) => {
    if (action !== 'ExecuteChangeSet' || isSwept) return undefined;
    isSwept = true;
    return new AwsError('ChangeSetNotFound', 404, 'ChangeSet [x] does not exist');
  };
  const result = await world.run('deploy', '--memory', '1024');
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain('another deploy of the stack came first: starting again after it');
});

test('a deploy during a destroy waits for its end, and makes the stack anew', async () => {
  const { stdout } = await world.deploy();
  const release = world.hold('Function');
  const destroy = world.begin('destroy', '--yes');
  await expect.poll(() => world.status()).toBe('DELETE_IN_PROGRESS');
  const deploy = world.begin(...DEPLOY);
  await expect
    .poll(() => deploy.terminal.text.stderr)
    .toContain('another operation is in progress on agentstream (DELETE_IN_PROGRESS): waiting');
  release();
  expect(await destroy.done).toBe(0);
  expect(await deploy.done).toBe(0);
  expect(deploy.terminal.text.stdout).toMatch(/^http/);
  expect(deploy.terminal.text.stdout).not.toBe(stdout);
});

test('a destroy during a deploy breaks it off; the deploy says so', async () => {
  const release = world.hold('Function');
  const deploy = world.begin(...DEPLOY, '--json');
  await expect.poll(() => deploy.terminal.text.stdout).toContain('"Function"');
  const destroy = world.begin('destroy', '--yes');
  await expect.poll(() => destroy.terminal.text.stderr).toContain('DELETE_IN_PROGRESS');
  release();
  expect(await destroy.done).toBe(0);
  expect(await deploy.done).toBe(1);
  expect(resultOf(deploy.terminal.text)).toMatchObject({ ok: false, error: { code: 'STACK_DELETED' } });
  expect(deploy.terminal.text.stderr).toContain('error: the stack agentstream was deleted during the deploy (DELETE_COMPLETE)');
  await world.expectNothing();
});

test('a cut network: said once, sat out, and the deploy ends well', async () => {
  const proxy = await startCuttableProxy(world.emulator.url);
  const terminal = createMemoryTerminal({ env: { ...world.env, AWS_ENDPOINT_URL: proxy.url } });
  const release = world.hold('Function');
  const done = main(DEPLOY, terminal);
  await expect.poll(() => terminal.text.stderr).toContain('CREATE_IN_PROGRESS Function (');
  proxy.cut('refuse');
  await expect
    .poll(() => terminal.text.stderr, { timeout: 60_000 })
    .toContain('no connection to AWS: a started operation continues there; retrying\n');
  release();
  await expect.poll(() => world.status()).toBe('CREATE_COMPLETE');
  proxy.mend();
  expect(await done).toBe(0);
  expect(terminal.text.stderr.match(/no connection to AWS/g)).toHaveLength(1);
  expect(terminal.text.stderr).toContain('AWS answers again');
  expect(terminal.text.stderr).toContain('CREATE_COMPLETE Function (');
  await proxy.close();
});

/** `deployStack` with times that a test can wait for. */
async function deployThrough(url: string, onEvent: (report: StackReport) => void, maxOutageMs: number) {
  const { render } = await createTemplateRenderer();
  const client = new CloudFormationClient({
    endpoint: url,
    region: REGION,
    credentials: world.emulator.credentials,
    maxAttempts: 1,
    requestHandler: { requestTimeout: 1_000, throwOnRequestTimeout: true },
  });
  return deployStack(client, {
    stackName: 'agentstream',
    parameters: { AgentRuntimeArn: AGENT_ARN },
    renderTemplate: render,
    onEvent,
    signal: new AbortController().signal,
    timing: { pollMs: 20, pollInFlightMs: 20, firstPollMs: 5, retryMs: 20, maxRetryMs: 50, maxOutageMs },
  }).finally(() => client.destroy());
}

test.each(['refuse', 'swallow'] as const)(
  'a network that is cut (%s) at each moment of a deploy in turn loses nothing',
  async (how) => {
    const proxy = await startCuttableProxy(world.emulator.url);
    const notes: string[] = [];
    let cuts = 0;
    const cutNow = (): void => {
      cuts += 1;
      proxy.cut(how);
      // Longer than a request may take, where it gets no answer.
      setTimeout(() => proxy.mend(), how === 'swallow' ? 1_500 : 300).unref();
    };
    const moments = new Set(['preparing the change set', 'changes', 'begun', 'Function', 'Stage']);
    const result = await deployThrough(
      proxy.url,
      (report) => {
        const moment =
          report.type === 'step' ? report.text : report.type === 'stack-event' ? report.event.logicalId : report.type;
        if (moments.delete(moment)) cutNow();
        if (report.type === 'note') notes.push(report.text);
      },
      10_000,
    );
    expect(result.type).toBe('created');
    expect(cuts).toBe(5);
    expect(notes).toContain('AWS answers again');
    expect(await world.status()).toBe('CREATE_COMPLETE');
    await proxy.close();
  },
);

test('a network that never was there is not waited for', async () => {
  const env = { ...world.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', NO_COLOR: '1' };
  const result = await runCli([...DEPLOY, '--skip-preflight'], { env });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(
    'error: no connection to http://127.0.0.1:9 (ECONNREFUSED)\nhint: start the emulator: agentstream dev',
  );
});

test('a network that stays away: says that the deploy goes on; --attach follows it', async () => {
  const proxy = await startCuttableProxy(world.emulator.url);
  const release = world.hold('Function');
  const lost = deployThrough(
    proxy.url,
    (report) => {
      if (report.type === 'stack-event' && report.event.logicalId === 'Function') proxy.cut('refuse');
    },
    100,
  );
  await expect(lost).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await world.status()).toBe('CREATE_IN_PROGRESS');
  const attached = world.begin('deploy', '--attach');
  await expect.poll(() => attached.terminal.text.stderr).toContain('following the operation on agentstream (CREATE_IN_PROGRESS)');
  release();
  expect(await attached.done).toBe(0);
  expect(attached.terminal.text.stdout).toMatch(/^http.*\/v1\n$/);
  await proxy.close();
});

test('credentials that expire: what goes on, how to renew them and how to follow; a re-run succeeds', async () => {
  const release = world.hold('Function');
  const deploy = world.begin(...DEPLOY);
  await expect.poll(() => deploy.terminal.text.stderr).toContain('CREATE_IN_PROGRESS Function (');
  world.misfortune.refuseCall = () => new AwsError('ExpiredToken', 403, 'The security token included in the request is expired');
  expect(await deploy.done).toBe(1);
  expect(deploy.terminal.text.stderr).toContain(
    'error: the AWS credentials have expired; the operation continues in AWS\nhint: the keys of the environment outrank SSO and the default profile: set fresh ones (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN), or unset all three, then follow it with: agentstream deploy --region us-east-1 --attach',
  );
  world.misfortune.refuseCall = undefined;
  release();
  expect(await world.run('deploy', '--attach')).toMatchObject({ exitCode: 0 });
  const again = await world.deploy();
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stderr).toContain('no changes');
});

test('Ctrl-C: before the deploy has begun nothing is left, after it AWS goes on', async () => {
  const early = world.begin(...DEPLOY);
  world.misfortune.refuseCall = ({ action }) => {
    if (action === 'DescribeChangeSet') early.terminal.interrupt();
    return undefined;
  };
  expect(await early.done).toBe(130);
  expect(early.terminal.text.stderr).toContain('stopped: interrupted\nhint: nothing was changed');
  world.misfortune.refuseCall = undefined;
  await expect.poll(() => world.status()).toBeUndefined();
  await world.expectNothing();

  const release = world.hold('Function');
  const late = world.begin(...DEPLOY);
  await expect.poll(() => late.terminal.text.stderr).toContain('CREATE_IN_PROGRESS Function (');
  late.terminal.interrupt();
  expect(await late.done).toBe(130);
  expect(late.terminal.text.stderr).toContain(
    'stopped: interrupted\nhint: the operation continues in AWS; follow it with: agentstream deploy --region us-east-1 --attach',
  );
  release();
  await expect.poll(() => world.status()).toBe('CREATE_COMPLETE');
});

test('--attach tells how the last operation ended, and that there is none', async () => {
  const nothing = await world.run('deploy', '--attach');
  expect(nothing.exitCode).toBe(1);
  expect(nothing.stderr).toContain('there is no stack agentstream in us-east-1');
  world.misfortune.failResources = { Function: 'No.' };
  await world.deploy();
  const failed = await world.run('deploy', '--attach');
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain('no operation in progress: showing the last one on agentstream (ROLLBACK_COMPLETE)\n');
  expect(failed.stderr).toContain('error: Function (AWS::Lambda::Function) failed: No.');
});

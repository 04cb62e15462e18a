import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeStack } from '../../src/aws/stack.ts';
import { destroyStack } from '../../src/stack/run-destroy.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { BIN } from '../helpers/spawned.ts';
import { startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

let world: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN];

const STATES: Record<string, () => Promise<string>> = {
  'a deploy that is complete': async () => {
    await world.deploy();
    return 'CREATE_COMPLETE';
  },
  'one that was updated': async () => {
    await world.deploy();
    await world.run('deploy', '--auth', 'none');
    return 'UPDATE_COMPLETE';
  },
  'one that was rolled back': async () => {
    world.misfortune.failResources = { Stage: 'No.' };
    await world.deploy();
    return 'ROLLBACK_COMPLETE';
  },
  'one that could not be rolled back': async () => {
    world.misfortune.failResources = { Stage: 'No.' };
    world.misfortune.failDeletes = { Function: 'No.' };
    await world.deploy();
    world.misfortune.failDeletes = {};
    return 'ROLLBACK_FAILED';
  },
  'an update that was left half-way': async () => {
    await world.deploy();
    world.misfortune.failResources = { Function: 'No.' };
    await world.run('deploy', '--memory', '1024', '--auth', 'iam', '--no-rollback');
    return 'UPDATE_FAILED';
  },
  'one that is half-created': async () => {
    world.hold('Stage');
    const { terminal } = world.begin(...DEPLOY);
    await expect.poll(() => terminal.text.stderr).toContain('CREATE_IN_PROGRESS Stage (');
    return 'CREATE_IN_PROGRESS';
  },
  'one that was interrupted': async () => {
    world.hold('Function');
    const { terminal, done } = world.begin(...DEPLOY);
    await expect.poll(() => terminal.text.stderr).toContain('CREATE_IN_PROGRESS Function (');
    terminal.interrupt();
    await done;
    return 'CREATE_IN_PROGRESS';
  },
  'one that was killed before it had begun': async () => {
    let isAsked = false;
    world.misfortune.refuseCall = ({ action }) => {
      isAsked ||= action === 'DescribeChangeSet';
      return isAsked ? 'cut' : undefined;
    };
    const child = spawn(process.execPath, [BIN, ...DEPLOY], { env: world.env, stdio: 'ignore' });
    await expect.poll(() => isAsked, { timeout: 60_000 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    world.misfortune.refuseCall = undefined;
    return 'REVIEW_IN_PROGRESS';
  },
};

test.each(Object.keys(STATES))('after %s nothing is left in any service', async (name) => {
  expect(await STATES[name]?.()).toBe(await world.status());
  const result = await world.run('destroy', '--yes');
  expect(result.stderr).toContain('nothing is left');
  expect(result.exitCode).toBe(0);
  await world.expectNothing();
});

test("waits out API Gateway's limit on deletions, and says so", async () => {
  const limited = await startStackWorld({ apiGateway: { deleteRestApiIntervalMs: 600 } });
  const client = new CloudFormationClient({
    endpoint: limited.emulator.url,
    region: REGION,
    credentials: limited.emulator.credentials,
  });
  const destroy = async (name: string, notes: string[]) => {
    const stack = await describeStack(client, name);
    if (!stack) throw new Error(`there is no stack ${name}`);
    return destroyStack(client, {
      stack,
      resources: 0,
      onEvent: (report) => report.type === 'note' && notes.push(report.text),
      signal: new AbortController().signal,
      timing: { throttledDeleteMs: 700, firstPollMs: 10, pollMs: 20, pollInFlightMs: 20 },
    });
  };
  try {
    await limited.deploy('--stack-name', 'one');
    await limited.deploy('--stack-name', 'two');
    const notes: string[] = [];
    await destroy('one', notes);
    expect(notes).toEqual([]);
    const result = await destroy('two', notes);
    expect(notes).toEqual(['API Gateway deletes one API in 30 s and has just deleted another: trying again in 700 ms']);
    // Of both attempts.
    expect(result.removed).toHaveLength(19);
    await limited.expectNothing();
  } finally {
    client.destroy();
    await limited.close();
  }
});

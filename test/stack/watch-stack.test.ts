import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, expect, test } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/index.ts';
import { describeStack } from '../../src/aws/stack.ts';
import { createStackContext } from '../../src/stack/stack-context.ts';
import type { StackEvent } from '../../src/stack/stack-report.ts';
import { watchStack } from '../../src/stack/watch-stack.ts';
import { REGION } from '../helpers/chain.ts';
import { resultOf, type StackWorld, startStackWorld } from '../helpers/stack-world.ts';

let world: StackWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const FAST = { firstPollMs: 5, pollMs: 20, pollInFlightMs: 20 };

async function open(cloudFormation: EmulatorOptions['cloudFormation'] = {}) {
  world = await startStackWorld({ cloudFormation });
  const client = new CloudFormationClient({
    endpoint: world.emulator.url,
    region: REGION,
    credentials: world.emulator.credentials,
  });
  const events: StackEvent[] = [];
  const context = createStackContext(client, {
    onEvent: (report) => report.type === 'stack-event' && events.push(report.event),
    signal: new AbortController().signal,
    timing: FAST,
  });
  return { world, client, context, events };
}

test('reads histories of many pages, and every event once', async () => {
  const { world, client, context, events } = await open({ limits: { eventsPerPage: 7 } });
  expect((await world.deploy()).exitCode).toBe(0);
  const stack = await describeStack(client, 'agentstream');
  const { events: all } = await watchStack(context, stack?.id ?? '', 'newest');
  expect(all[0]).toMatchObject({ isStack: true, status: 'CREATE_IN_PROGRESS' });
  expect(all.at(-1)).toMatchObject({ isStack: true, status: 'CREATE_COMPLETE' });
  expect(all.length).toBeGreaterThan(50);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(events).toEqual(all);
});

test('reads that are late do not end a deploy early, nor mix it with the one before', async () => {
  const { world } = await open({ readLagMs: 400 });
  const first = await world.deploy('--json');
  expect(resultOf(first)).toMatchObject({ ok: true, outcome: 'created' });
  const update = await world.run('deploy', '--memory', '1024', '--json');
  expect(resultOf(update)).toMatchObject({ ok: true, outcome: 'updated' });
  const statuses = update.stdout.match(/"status":"\w+"/g) ?? [];
  expect(statuses).toContain('"status":"UPDATE_COMPLETE"');
  expect(statuses.filter((status) => status.includes('CREATE_COMPLETE'))).toEqual([]);
});

test("a delete that AWS has taken as somebody else's is followed all the same", async () => {
  const { world, client, context } = await open();
  await world.deploy();
  const stack = await describeStack(client, 'agentstream');
  const id = stack?.id ?? '';
  const release = world.hold('Function');
  await client.send(new DeleteStackCommand({ StackName: id, ClientRequestToken: 'theirs' }));
  // Answered as if it had begun something.
  await client.send(new DeleteStackCommand({ StackName: id, ClientRequestToken: 'ours' }));
  const watched = watchStack(context, id, { token: 'ours' });
  release();
  expect((await watched).stack.status).toBe('DELETE_COMPLETE');
});

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsAccess, clientConfig, resolveAwsAccess } from '../../src/aws/aws-access.ts';
import type { TurnTimeouts } from '../../src/endpoint/turn-timers.ts';
import { type Hop, HOPS } from '../../src/stream/stream-part.ts';
import { openHop } from '../helpers/open-hop.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { createTemplateRenderer } from '../../src/stack/template-renderer.ts';
import type { StreamPart } from '../../src/stream/stream-part.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { AGENT_ARN, type Chain, startChain } from '../helpers/chain.ts';

let chain: Chain;
let access: AwsAccess;
beforeAll(async () => {
  const agent = createActingAgent();
  agent.on('say nothing', { acts: [{ wait: new Promise(() => {}) }] });
  chain = await startChain(agent, { parameters: { AuthMode: 'api-key' } });
  access = resolveAwsAccess({}, chain.env);
});
afterAll(() => chain.close());

const say = async (
  hop: Hop,
  prompt: string,
  timers: TurnTimeouts = {},
  where = { stackName: 'chain', access },
): Promise<StreamPart[]> => {
  const opened = await openHop(hop, where, where.access, { timers });
  const parts: StreamPart[] = [];
  try {
    const { signal } = new AbortController();
    await opened.transport.send({ prompt }, (part) => void parts.push(part), signal);
  } finally {
    await opened.close();
  }
  return parts;
};

test('each hop enters the chain where it says', async () => {
  for (const hop of HOPS) {
    const before = chain.events.length;
    const parts = await say(hop, 'hi');
    expect(parts).toContainEqual(expect.objectContaining({ type: 'chunk', bytes: Buffer.from('data: "ok"\n\n') }));
    // The emulator tells of a request once it has ended, and of the agent's first.
    const through = (name: string): boolean => chain.events.slice(before).some((event) => JSON.stringify(event).includes(name));
    await expect.poll(() => through('"bedrock-agentcore"')).toBe(true);
    if (hop === 'api') await expect.poll(() => through('endpoint-request')).toBe(true);
    if (hop === 'lambda') await expect.poll(() => through('"lambda"')).toBe(true);
    expect([through('endpoint-request'), through('"lambda"')]).toEqual([hop === 'api', hop === 'lambda']);
  }
});

test('only API Gateway has an idle limit that is known', async () => {
  const limits: (number | undefined)[] = [];
  for (const hop of HOPS) {
    const opened = await openHop(hop, { stackName: 'chain' }, access);
    limits.push(opened.idleLimitMs);
    await opened.close();
  }
  expect(limits).toEqual([300_000, undefined, undefined]);
});

test('the agent is asked in its own Region, wherever the stack is', async () => {
  const abroad: AwsAccess = { ...access, region: 'eu-west-1' };
  const client = new CloudFormationClient(clientConfig(abroad));
  const { render } = await createTemplateRenderer();
  await deployStack(client, {
    stackName: 'abroad',
    parameters: { AgentRuntimeArn: AGENT_ARN, AuthMode: 'none' },
    renderTemplate: render,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  client.destroy();
  expect((await say('agentcore', 'hi', {}, { stackName: 'abroad', access: abroad })).at(-1)).toMatchObject({ type: 'end' });
  const asked = chain.events.filter((event) => event.type === 'api-call' && event.service === 'bedrock-agentcore');
  expect(asked.at(-1)).toMatchObject({ region: 'us-east-1', status: 200 });
});

describe.each(['lambda', 'agentcore'] as const)('%s', (hop) => {
  test('cannot be reached by a URL', async () => {
    await expect(openHop(hop, { stackName: 'chain', url: chain.url }, access)).rejects.toMatchObject({
      code: 'HOP_NEEDS_STACK',
      exitCode: 2,
    });
  });

  test('passes the timers on', async () => {
    await expect(say(hop, 'say nothing', { firstByteMs: 20 })).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
  });
});

test.each(HOPS)('%s: a stack that is not there', async (hop) => {
  await expect(openHop(hop, { stackName: 'nothing' }, access)).rejects.toMatchObject({ code: 'STACK_NOT_FOUND', exitCode: 1 });
});

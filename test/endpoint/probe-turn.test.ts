import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveAwsAccess } from '../../src/aws/aws-access.ts';
import { runTurn } from '../../src/endpoint/run-turn.ts';
import { openHop } from '../helpers/open-hop.ts';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';

let chain: Chain;
const agent = createActingAgent();
beforeAll(async () => {
  chain = await startChain(agent, { parameters: { AuthMode: 'api-key' } });
});
afterAll(() => chain.close());

const never = new AbortController().signal;
const open = (hop: 'api' | 'lambda' | 'agentcore') => openHop(hop, { stackName: 'chain' }, resolveAwsAccess({}, chain.env));

test.each(['api', 'lambda'] as const)('%s: the function streams what was asked for, and no agent is called', async (hop) => {
  const connection = await open(hop);
  const events: AgentEvent[] = [];
  const probe = { count: 3, interval_ms: 10, size_bytes: 100, first_delay_ms: 20 };
  const listener = { onEvent: (event: AgentEvent) => void events.push(event) };
  const { metrics, status } = await runTurn(connection.transport, { probe }, listener, never);
  await connection.close();
  expect([status, metrics.outcome, metrics.events]).toEqual([200, 'ok', 3]);
  const probes = events.flatMap((event) =>
    event.type === 'data' && event.event === 'probe' ? [JSON.parse(event.data) as object] : [],
  );
  expect(probes).toMatchObject([{ index: 0, count: 3, pad: 'x'.repeat(100) }, { index: 1 }, { index: 2 }]);
  expect(agent.invocations).toEqual([]);
});

test('agentcore: there is no function that could make it', async () => {
  const { transport, close } = await open('agentcore');
  const turn = transport.send({ probe: { count: 1 } }, () => undefined, never);
  await expect(turn).rejects.toMatchObject({ code: 'PROBE_NEEDS_FUNCTION', exitCode: 2 });
  await close();
});

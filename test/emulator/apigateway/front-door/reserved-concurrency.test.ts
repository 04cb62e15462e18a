import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActingAgent } from '../../../helpers/acting-agent.ts';
import { type Chain, startChain } from '../../../helpers/chain.ts';

const agent = createActingAgent();
let release = (): void => undefined;
let chain: Chain;
beforeAll(async () => {
  const gate = new Promise<void>((resolve) => (release = resolve));
  agent.on('held', { acts: [{ write: 'data: "begun"\n\n' }, { wait: gate }] });
  chain = await startChain(agent, { parameters: { MaxConcurrency: '2' } });
});
afterAll(() => chain.close());

const invoke = (prompt: string) => fetch(`${chain.url}/invoke`, { method: 'POST', body: JSON.stringify({ prompt }) });

test('each open stream holds one run of the function; one more is an error of the gateway, and none of Lambda', async () => {
  const open = await Promise.all([invoke('held'), invoke('held')]);
  expect(open.map(({ status }) => status)).toEqual([200, 200]);
  const refused = await invoke('hello');
  expect([refused.status, await refused.json()]).toEqual([500, { message: 'Internal server error' }]);
  release();
  for (const response of open) await response.text();
  await expect.poll(async () => (await invoke('hello')).status).toBe(200);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderAccessLog } from '../../../../src/emulator/apigateway/front-door/execute-api.ts';
import { createActingAgent, createGate } from '../../../helpers/acting-agent.ts';
import type { Chain } from '../../../helpers/chain.ts';
import { startEditedChain, withAccessLog } from '../../../helpers/edited-chain.ts';
import { openStream, send } from '../../../helpers/post.ts';
import { jsonLines, runCli } from '../../../helpers/run-cli.ts';

const agent = createActingAgent();
let chain: Chain;

beforeAll(async () => {
  chain = await startEditedChain(agent, { edit: withAccessLog, parameters: { HeartbeatMs: '0', FlushMode: 'off' } });
});
afterAll(() => chain.close());

async function lastEntry(): Promise<Record<string, unknown>> {
  const args = ['logs', '--stack-name', 'chain', '--source', 'access', '--json'];
  const { stdout } = await runCli(args, { env: chain.env });
  return jsonLines(stdout).at(-2)?.['access'] as Record<string, unknown>;
}

test('a variable without a value, or that nobody knows, is a dash', () => {
  const values = { status: 200, 'integration.latency': undefined };
  expect(renderAccessLog('$context.status,$context.integration.latency,$context.what.else.', values)).toBe('200,-,-.');
});

test('times count from the call of the function: to its headers, its first byte and its end', async () => {
  const [first, last] = [createGate(), createGate()];
  agent.on('slow', {
    acts: [{ wait: first.promise }, { write: 'data: 1\n\n' }, { wait: last.promise }, { write: 'data: 2\n\n' }],
  });
  const sentAt = performance.now();
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'slow' });
  setTimeout(() => first.open(), 200);
  await stream.next();
  setTimeout(() => last.open(), 200);
  await stream.rest();
  const { headersMs, firstContentMs, endMs, bytes } = await lastEntry();
  expect(Number(firstContentMs) - Number(headersMs)).toBeGreaterThanOrEqual(100);
  expect(Number(endMs) - Number(firstContentMs)).toBeGreaterThanOrEqual(150);
  expect(Number(endMs)).toBeLessThanOrEqual(performance.now() - sentAt + 1);
  expect(bytes).toBe(2 * 'data: 1\n\n'.length);
});

test('what the function answers, what the gateway answers, and what no function sees', async () => {
  await send('POST', `${chain.url}/invoke`, { prompt: '' });
  expect(await lastEntry()).toMatchObject({ status: 400, transferMode: 'STREAMED' });
  await send('OPTIONS', `${chain.url}/invoke`);
  const preflight = await lastEntry();
  expect(preflight).toMatchObject({ method: 'OPTIONS', status: 204 });
  expect(preflight).not.toHaveProperty('headersMs');
  await send('POST', `${chain.url}/nothing-here`);
  expect(await lastEntry()).toMatchObject({ path: '/v1/nothing-here', status: 403 });
});

test('a request whose client goes away has its line at that moment', async () => {
  agent.on('endless', { acts: [{ write: 'data: 1\n\n' }, { wait: new Promise(() => undefined) }] });
  const stream = await openStream(`${chain.url}/invoke`, { prompt: 'endless' });
  await stream.next();
  stream.destroy();
  await expect.poll(lastEntry).toMatchObject({ status: 200, bytes: 'data: 1\n\n'.length });
  expect(await lastEntry()).not.toHaveProperty('endMs');
});

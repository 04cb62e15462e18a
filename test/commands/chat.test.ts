import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

let agent: ActingAgent;
let chain: Chain;
beforeAll(async () => {
  agent = createActingAgent();
  chain = await startChain(agent);
});
afterAll(() => chain.close());

const chat = (stdin: string, ...args: string[]): Promise<CliResult> =>
  runCli(['chat', '--stack-name', 'chain', ...args], { env: chain.env, stdin });

test('from a pipe it is one turn: the answer alone on stdout', async () => {
  agent.on('hi', { acts: [{ write: 'data: "# Hello **you**"\n\n' }] });
  const result = await chat('hi');
  expect(result).toMatchObject({ exitCode: 0, stdout: '# Hello **you**\n' });
  expect(result.stderr).toMatch(/^session [0-9a-f-]{36}\n$/);
});

test('--json gives events and a result', async () => {
  const lines = jsonLines((await chat('hi', '--json')).stdout);
  expect(lines.map(({ type }) => type)).toEqual(['text-delta', 'result']);
});

test('exit codes tell wrong input, a refusal, a stream that did not end well, and a stop apart', async () => {
  agent.on('refused', { status: 500, acts: [] });
  agent.on('dies', { acts: [{ write: 'data: "a"\n\n' }, { die: true }] });
  agent.on('endless', {
    acts: [{ write: 'data: "a"\n\n' }, { wait: new Promise(() => undefined) }],
  });
  expect((await chat('')).exitCode).toBe(2);
  expect((await chat('hi', '--session', 'short')).exitCode).toBe(2);
  expect((await chat('refused')).exitCode).toBe(1);
  expect((await chat('dies')).exitCode).toBe(4);
  const terminal = createMemoryTerminal({ env: chain.env, stdin: 'endless' });
  const done = main(['chat', '--stack-name', 'chain'], terminal);
  await expect.poll(() => terminal.text.stdout).toBe('a');
  terminal.interrupt();
  expect(await done).toBe(130);
});

test('there must be a session to continue', async () => {
  const result = await runCli(['chat', '--continue', '--stack-name', 'chain'], {
    env: { ...chain.env, XDG_STATE_HOME: '/nonexistent' },
    stdin: 'hi',
  });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('there is no earlier session to continue');
});

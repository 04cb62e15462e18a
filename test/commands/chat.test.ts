import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

let agent: ActingAgent;
let chain: Chain;
beforeAll(async () => {
  agent = createActingAgent({ endpoints: ['prod'] });
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
  agent.on('endless', { acts: [{ write: 'data: "a"\n\n' }, { wait: new Promise(() => undefined) }] });
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
  const result = await runCli(['chat', '--continue', '--json', '--stack-name', 'chain'], {
    env: { ...chain.env, XDG_STATE_HOME: '/nonexistent' },
    stdin: 'hi',
  });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('there is no earlier session to continue');
  expect(jsonLines(result.stdout)).toMatchObject([{ type: 'result', ok: false, error: { code: 'NO_SESSION' } }]);
});

/** Types one prompt into the chat on a terminal, leaves, and gives the command that it prints for going on. */
async function resumeLine(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const terminal = createMemoryTerminal({ env, stdin: 'hi\r/exit\r', isTTY: true });
  expect(await main(['chat', '--no-history', ...args], terminal)).toBe(0);
  return /to continue: (.*) --session [0-9a-f-]{36}/.exec(terminal.text.stderr)?.[1] ?? '';
}

test.each([
  [['--stack-name', 'chain'], undefined],
  [['--region', 'us-east-1'], undefined],
  [['--local'], undefined],
  [['--profile', 'work'], undefined],
  [['--sigv4'], undefined],
  [['--qualifier', 'prod'], undefined],
  [['--token-command', 'echo a.token'], "--token-command 'echo a.token'"],
  [['--token', 'secret'], '--token TOKEN'],
  [['--api-key', 'secret'], '--api-key KEY'],
])('the command that goes on with the session keeps %j', async (flags, printed) => {
  const env = { AGENTSTREAM_LOCAL: chain.emulator.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  const line = await resumeLine([...flags, '--url', chain.url], env);
  expect(line).toMatch(/^agentstream chat /);
  expect(line).toContain(` ${printed ?? flags.join(' ')}`);
  expect(line).toContain(` --url ${chain.url}`);
  expect(line).not.toContain('secret');
});

test('the command that goes on with the session keeps the hop', async () => {
  const line = await resumeLine(['--stack-name', 'chain', '--hop', 'lambda'], chain.env);
  expect(line).toBe('agentstream chat --stack-name chain --region us-east-1 --hop lambda');
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, REGION, startChain } from '../helpers/chain.ts';
import { runCli } from '../helpers/run-cli.ts';
import { runBin } from '../helpers/spawned.ts';
import { startInTmux, type TmuxSession } from '../helpers/tmux.ts';
import { onTerminal } from '../helpers/use-chat.ts';

const POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;
// Each thread loads its own SDK clients, which takes a busy machine long.
const THREADS_TIMEOUT = { timeout: 120_000 };
const SIZES = { RateLimit: '1000', BurstLimit: '1000', HeartbeatMs: '0' };
const BENCH = ['--vus', '4', '--workers', '4', '--requests', '8', '--no-self-test'];
const HOPS = ['--hop', 'api,lambda,agentcore', '--max-lag', '1h'];

let folder: string;
let chat: TmuxSession | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-once-'));
});
afterEach(() => {
  chat?.close();
  chat = undefined;
  rmSync(folder, { recursive: true });
});

/** How often the control plane was asked since an event, for what an endpoint is resolved from. */
function questions({ events }: Chain, since: number): { stacks: number; keys: number } {
  const calls = events.slice(since).flatMap((event) => (event.type === 'api-call' ? [event] : []));
  return {
    stacks: calls.filter(({ action }) => action === 'DescribeStacks').length,
    keys: calls.filter(({ action }) => action.startsWith('GET /apikeys')).length,
  };
}

/** A chat on a terminal: two turns through the endpoint, one on each hop below it, and a bench of two. */
async function chatOverAllHops(chain: Chain, args: readonly string[] = []): Promise<void> {
  const command = ['chat', '--stack-name', 'chain', '--no-history', ...args];
  chat = startInTmux(command, { env: chain.env, columns: 120 });
  await chat.see(/Ctrl-D leaves\n> ?$/);
  for (const [index, hop] of ['api', 'lambda', 'agentcore', 'api'].entries()) {
    chat.type(`/hop ${hop}`);
    chat.press('Enter');
    await chat.see(new RegExp(`hop ${hop}\n> ?$`));
    chat.type(`turn ${index}`);
    chat.press('Enter');
    await chat.see(new RegExp(`> turn ${index}\n(?:.*\n)*ok\n(?:.*\n)+> ?$`));
  }
  chat.type('/bench 2');
  chat.press('Enter');
  await chat.see(/2 turns(?:.*\n)+> ?$/);
}

describe('a stack with an API key', () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(createActingAgent(), { parameters: { ...SIZES, AuthMode: 'api-key' } });
  });
  afterAll(() => chain.close());

  test('a bench of three hops and four threads asks for the stack and its key once', THREADS_TIMEOUT, async () => {
    const since = chain.events.length;
    const result = await runBin(['bench', '--stack-name', 'chain', ...BENCH, ...HOPS], chain.env);
    expect([result.exitCode, result.stderr]).toEqual([0, expect.any(String)]);
    expect(questions(chain, since)).toEqual({ stacks: 1, keys: 1 });
  });

  test('a bench of the hops below the endpoint asks for no key', async () => {
    const since = chain.events.length;
    const args = ['bench', '--stack-name', 'chain', '--requests', '1', '--no-self-test'];
    const hops = ['--hop', 'lambda,agentcore', '--max-lag', '1h'];
    expect((await runCli([...args, ...hops], { env: chain.env })).exitCode).toBe(0);
    expect(questions(chain, since)).toEqual({ stacks: 1, keys: 0 });
  });

  test('invoke asks once', async () => {
    const since = chain.events.length;
    const result = await runCli(['invoke', '--stack-name', 'chain', 'hi'], { env: chain.env });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect(questions(chain, since)).toEqual({ stacks: 1, keys: 1 });
  });

  test('doctor asks once', async () => {
    const since = chain.events.length;
    const result = await runCli(['doctor', '--stack-name', 'chain'], { env: chain.env });
    expect(result.stdout + result.stderr).toContain('the endpoint serves');
    expect(questions(chain, since)).toEqual({ stacks: 1, keys: 1 });
  });

  onTerminal('a chat asks once, whatever hops its turns go over', async () => {
    const since = chain.events.length;
    await chatOverAllHops(chain);
    expect(questions(chain, since)).toEqual({ stacks: 1, keys: 1 });
  });
});

describe('a stack with a user pool', () => {
  let chain: Chain;
  let args: readonly string[];
  beforeAll(async () => {
    chain = await startChain(createActingAgent(), {
      userPools: [POOL],
      parameters: { ...SIZES, AuthMode: 'cognito', UserPoolArn: POOL },
    });
  });
  afterAll(() => chain.close());
  beforeEach(async () => {
    writeFileSync(join(folder, 'token'), await chain.emulator.issueToken(POOL, { sub: 'ada' }));
    const command = `cat '${folder}/token'; echo asked >> '${folder}/asked'`;
    args = ['--stack-name', 'chain', '--token-command', command];
  });

  const asked = (): number => readFileSync(join(folder, 'asked'), 'utf8').split('\n').length - 1;

  test('a bench of three hops and four threads runs the token command once', THREADS_TIMEOUT, async () => {
    const since = chain.events.length;
    const result = await runBin(['bench', ...args, ...BENCH, ...HOPS], chain.env);
    expect([result.exitCode, result.stderr]).toEqual([0, expect.any(String)]);
    expect([asked(), questions(chain, since)]).toEqual([1, { stacks: 1, keys: 0 }]);
  });

  test('a token that is refused is exchanged once for all threads', THREADS_TIMEOUT, async () => {
    const good = await chain.emulator.issueToken(POOL, { sub: 'ada' });
    writeFileSync(join(folder, 'token'), 'refused.token.x');
    const command = `cat '${folder}/token'; echo '${good}' > '${folder}/token'; echo asked >> '${folder}/asked'`;
    const flags = ['--stack-name', 'chain', '--token-command', command, '--no-pilot'];
    const result = await runBin(['bench', ...flags, ...BENCH, '--max-lag', '1h'], chain.env);
    expect([result.exitCode, asked()]).toEqual([0, 2]);
  });

  test('invoke and doctor run it once', async () => {
    expect((await runCli(['invoke', ...args, 'hi'], { env: chain.env })).exitCode).toBe(0);
    expect(asked()).toBe(1);
    const { stdout, stderr } = await runCli(['doctor', ...args], { env: chain.env });
    expect(stdout + stderr).toContain('the endpoint serves');
    expect(asked()).toBe(2);
  });

  onTerminal('a chat runs it once, whatever hops its turns go over', async () => {
    await chatOverAllHops(chain, args.slice(2));
    expect(asked()).toBe(1);
  });
});

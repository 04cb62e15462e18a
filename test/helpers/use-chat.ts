import { afterAll, afterEach, beforeAll, test } from 'vitest';
import { type ActingAgent, type Act, createActingAgent } from './acting-agent.ts';
import { type Chain, startChain } from './chain.ts';
import { hasTmux, startInTmux, type TmuxOptions, type TmuxSession } from './tmux.ts';

export interface ChatOptions extends Partial<TmuxOptions> {
  readonly args?: readonly string[];
  /** Another chain than the file's own. */
  readonly chain?: Chain;
}

/** The chat on a real terminal, for a file of tests: one chain, one agent, and chats that end with their test. */
export interface ChatTests {
  readonly agent: ActingAgent;
  readonly chain: Chain;
  start(options?: ChatOptions): Promise<TmuxSession>;
  promptsSeen(): string[];
}

/** A test that needs tmux. */
export const onTerminal = test.skipIf(!hasTmux);

/** A text as the Python SDK sends it. */
export const textEvent = (text: string): Act => ({ write: `data: ${JSON.stringify(text)}\n\n` });

export function useChat(): ChatTests {
  const agent = createActingAgent({ endpoints: ['prod'] });
  const open = new Set<TmuxSession>();
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(agent, { parameters: { HeartbeatMs: '0' } });
  });
  afterAll(() => chain.close());
  afterEach(() => {
    for (const session of open) session.close();
    open.clear();
  });
  return {
    agent,
    get chain() {
      return chain;
    },
    async start(options = {}) {
      const env = { ...(options.chain ?? chain).env, ...options.env };
      const args = ['chat', '--stack-name', 'chain', ...(options.args ?? [])];
      const session = startInTmux(args, { ...options, env });
      open.add(session);
      await session.see(/Ctrl-D leaves\n> ?$/);
      return session;
    },
    promptsSeen: () => agent.invocations.map(({ payload }) => (JSON.parse(String(payload)) as { prompt: string }).prompt),
  };
}

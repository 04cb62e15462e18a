import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createActingAgent, createGate } from '../../helpers/acting-agent.ts';
import { openStream, send } from '../../helpers/post.ts';
import type { CustomChain, CustomChainOptions } from '../custom-chain.ts';
import { functionProcesses } from '../function-processes.ts';
import type { StartChain } from './start-chain.ts';

/** Shrunk idle limits, in the order of AWS's: a heartbeat comes several times within the shortest. */
const IDLE_MS = { EDGE: 1_000, REGIONAL: 1_500, PRIVATE: 1_500 };
const HEARTBEAT_MS = '150';
/** Longer than either. */
const SILENCE_MS = 2_000;

const toEdge = (template: string): string => template.replace('Types: [!Ref EndpointType]', 'Types: [EDGE]');
/** The function's time is short, and the gateway waits for longer. */
const SHORT = { lambda: { maxTimeoutMs: 3_000 }, apiGateway: {} };
const FOREVER = new Promise<never>(() => undefined);

/** Rows in which nothing happens for long, or for too long. */
export function silenceRows(start: StartChain): void {
  /** Lets a function start. Beside others, on a busy machine, that alone takes longer than the shrunk idle limit. */
  const warmUp = ({ url }: CustomChain): Promise<void> =>
    expect.poll(async () => (await send('POST', `${url}/invoke`, { prompt: 'warm up' })).status).toBe(200);

  /** Runs a test with a chain of its own. */
  const withChain = async (
    options: CustomChainOptions,
    run: (chain: CustomChain, agent: ReturnType<typeof createActingAgent>) => Promise<void>,
  ): Promise<void> => {
    const agent = createActingAgent();
    const chain = await start(agent, { apiGateway: { idleTimeoutMs: IDLE_MS }, ...options });
    try {
      await run(chain, agent);
    } finally {
      await chain.close();
    }
  };

  test.concurrent('a first token later than the idle limit of an edge endpoint comes through', async () => {
    const parameters = { HeartbeatMs: HEARTBEAT_MS, FlushMode: 'off' };
    await withChain({ parameters, edit: toEdge }, async (chain, agent) => {
      await warmUp(chain);
      agent.on('late', { answerAfter: () => sleep(SILENCE_MS), acts: [{ write: 'data: "late"\n\n' }] });
      const { status, text } = await send('POST', `${chain.url}/invoke`, { prompt: 'late' });
      expect(status).toBe(200);
      expect(text).toMatch(/^(: keep-alive\n)+data: "late"\n\n$/);
    });
  });

  test.concurrent('a tool that is silent for longer than the idle limit does not end the stream', async () => {
    const parameters = { HeartbeatMs: HEARTBEAT_MS, FlushMode: 'off' };
    await withChain({ parameters }, async (chain, agent) => {
      await warmUp(chain);
      agent.on('tool', {
        acts: [{ write: 'data: "calling"\n\n' }, { wait: () => sleep(SILENCE_MS) }, { write: 'data: "done"\n\n' }],
      });
      const { text } = await send('POST', `${chain.url}/invoke`, { prompt: 'tool' });
      expect(text).toMatch(/^data: "calling"\n\n(: keep-alive\n)+data: "done"\n\n$/);
    });
  });

  test.concurrent('the same without a heartbeat is cut: the limit is real', async () => {
    await withChain({ parameters: { HeartbeatMs: '0' }, edit: toEdge }, async (chain, agent) => {
      await warmUp(chain);
      agent.on('tool', { acts: [{ write: 'data: "calling"\n\n' }, { wait: FOREVER }] });
      await expect(send('POST', `${chain.url}/invoke`, { prompt: 'tool' })).rejects.toThrow();
    });
  });

  test.concurrent('the turn ends with an event before the function times out, and the next call is warm', async () => {
    await withChain(SHORT, async (chain, agent) => {
      agent.on('too long', { acts: [{ write: 'data: "a"\n\n' }, { wait: FOREVER }] });
      const { text } = await send('POST', `${chain.url}/invoke`, { prompt: 'too long' });
      expect(text).toMatch(/^data: "a"\n\n(:\n)?event: error\ndata: [^\n]*DEADLINE_EXCEEDED[^\n]*\n\n$/);
      expect(agent.stopped).toContain('too long');
      const { headers } = await send('POST', `${chain.url}/invoke`, { prompt: 'next' });
      expect(headers['server-timing']).toMatch(/^agentcore;/);
    });
  });

  test.concurrent('a turn whose agent never answers is a 504 then', async () => {
    await withChain(SHORT, async (chain, agent) => {
      agent.on('mute', { answerAfter: FOREVER, acts: [] });
      const { status, text } = await send('POST', `${chain.url}/invoke`, { prompt: 'mute' });
      expect([status, text]).toEqual([504, expect.stringContaining('DEADLINE_EXCEEDED') as string]);
    });
  });

  test.skipIf(process.platform !== 'linux')(
    'a client that has gone leaves its turn running, until the deadline at the latest',
    async () => {
      await withChain(SHORT, async (chain, agent) => {
        const stopped = createGate();
        agent.on('endless', { acts: [{ write: 'data: "a"\n\n' }, { wait: FOREVER }] });
        const stream = await openStream(`${chain.url}/invoke`, { prompt: 'endless' });
        await stream.next();
        const [before] = functionProcesses(chain.functionName);
        agent.invocations.at(-1)?.signal.addEventListener('abort', () => stopped.open());
        stream.destroy();
        await stopped.promise;
        expect((await send('POST', `${chain.url}/invoke`, { prompt: 'next' })).status).toBe(200);
        // The environment has outlived its client.
        const pids = functionProcesses(chain.functionName).map(({ pid }) => pid);
        expect(pids).toContain(before?.pid);
      });
    },
  );
}

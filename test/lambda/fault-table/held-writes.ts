import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ActingAgent, createActingAgent, createGate } from '../../helpers/acting-agent.ts';
import { openStream } from '../../helpers/post.ts';
import type { CustomChain } from '../custom-chain.ts';
import type { StartChain } from './start-chain.ts';

const HOLD_BELOW_BYTES = 1_000;
const EVENTS = 5;

/** Rows in which the runtime holds each small write until the next one. */
export function heldWriteRows(start: StartChain): void {
  const startHolding = (agent: ActingAgent, flush: string): Promise<CustomChain> =>
    start(agent, { lambda: { holdWritesBelowBytes: HOLD_BELOW_BYTES }, parameters: { FlushMode: flush, HeartbeatMs: '0' } });

  describe.each([['auto'], [String(HOLD_BELOW_BYTES)]])('flush mode %s', (flush) => {
    const agent = createActingAgent();
    let chain: CustomChain;
    beforeAll(async () => {
      chain = await startHolding(agent, flush);
    });
    afterAll(() => chain.close());

    test('an event arrives although the agent waits until it has', async () => {
      const gates = Array.from({ length: EVENTS }, createGate);
      agent.on('gated', { acts: gates.flatMap(({ promise }, index) => [{ write: `data: ${index}\n\n` }, { wait: promise }]) });
      const stream = await openStream(`${chain.url}/invoke`, { prompt: 'gated' });
      for (const [index, gate] of gates.entries()) {
        let text = '';
        while (!text.includes(`data: ${index}\n\n`)) text += (await stream.next()) ?? '';
        gate.open();
      }
      // What was put in are comments.
      expect(await stream.rest()).toMatch(/^(: *\n)*$/);
    });

    test('the first byte of an answer is the first of the agent', async () => {
      agent.on('late', { acts: [{ wait: sleep(100) }, { write: 'data: first\n\n' }] });
      const stream = await openStream(`${chain.url}/invoke`, { prompt: 'late' });
      expect(await stream.next()).toMatch(/^data: first/);
      await stream.rest();
    });

    test('nothing is put into an event', async () => {
      const gate = createGate();
      const half = createGate();
      agent.on('half', {
        acts: [
          { write: 'data: "a"\n\ndata: "b' },
          { wait: () => sleep(50).then(half.open) },
          { wait: gate.promise },
          { write: 'c"\n\n' },
        ],
      });
      const stream = await openStream(`${chain.url}/invoke`, { prompt: 'half' });
      await half.promise;
      gate.open();
      const text = await stream.rest();
      expect(text.replaceAll(/^: *\n/gm, '')).toBe('data: "a"\n\ndata: "bc"\n\n');
    });
  });

  test('with the flush mode off an event waits for the next one', async () => {
    const agent = createActingAgent();
    const chain = await startHolding(agent, 'off');
    try {
      const second = createGate();
      agent.on('held', { acts: [{ write: 'data: 1\n\n' }, { wait: second.promise }, { write: 'data: 2\n\n' }] });
      const stream = await openStream(`${chain.url}/invoke`, { prompt: 'held' });
      const first = stream.next();
      expect(await Promise.race([first, sleep(300, 'nothing')])).toBe('nothing');
      second.open();
      expect(((await first) ?? '') + (await stream.rest())).toBe('data: 1\n\ndata: 2\n\n');
    } finally {
      await chain.close();
    }
  });
}

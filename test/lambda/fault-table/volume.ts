import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from 'undici';
import type { Agent } from '../../../src/emulator/index.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGate } from '../../helpers/acting-agent.ts';
import { openStream, send } from '../../helpers/post.ts';
import type { CustomChain } from '../custom-chain.ts';
import { functionProcesses } from '../function-processes.ts';
import type { StartChain } from './start-chain.ts';

const MB = 1_000_000;
/** Just below Lambda's limit for a streamed response, 200 MiB. */
const LARGE_BYTES = 200 * MB;
/** More than the buffers of all sockets of the way, and far less than the answer. */
const MAX_AHEAD_BYTES = 64 * MB;
/** A Node.js process and its garbage; far less than the process with the answer in it. */
const MAX_MEMORY_BYTES = 190 * MB;

/** Writes events of 100 kB without a pause, as fast as it is read. */
function wideAgent(): Agent & { written: number } {
  const event = Buffer.from(`data: ${'x'.repeat(100_000 - 'data: \n\n'.length)}\n\n`);
  const agent = {
    written: 0,
    async invoke({ payload }: { payload: Buffer }) {
      const { bytes } = JSON.parse(String(payload)) as { bytes: number };
      agent.written = 0;
      return { status: 200, contentType: 'text/event-stream', body: write(bytes) };
    },
  };
  async function* write(bytes: number): AsyncGenerator<Buffer> {
    for (; agent.written < bytes; agent.written += event.length) yield event;
  }
  return agent;
}

/** Rows in which there is more than fits into memory. */
export function volumeRows(start: StartChain): void {
  const agent = wideAgent();
  let chain: CustomChain;
  beforeAll(async () => {
    chain = await start(agent, {
      parameters: { FlushMode: 'off' },
      // The bandwidth is Lambda's and the gateway's, and would make this take minutes.
      lambda: { streamBytesPerSecond: Infinity },
      apiGateway: { streamBytesPerSecond: Infinity },
    });
    await send('POST', `${chain.url}/invoke`, { prompt: 'warm', bytes: 1 });
  });
  afterAll(() => chain.close());

  const peakBytes = (): number => Math.max(...functionProcesses(chain.functionName).map((process) => process.peakBytes));

  test.skipIf(process.platform !== 'linux')('200 MB pass through flat memory', async () => {
    const { body } = await request(`${chain.url}/invoke`, {
      method: 'POST',
      body: JSON.stringify({ prompt: 'large', bytes: LARGE_BYTES }),
    });
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
    expect(bytes).toBe(LARGE_BYTES);
    expect(peakBytes()).toBeLessThan(MAX_MEMORY_BYTES);
  });

  test.skipIf(process.platform !== 'linux')('a client that does not read stops the agent, not the memory', async () => {
    const stream = await openStream(`${chain.url}/invoke`, { prompt: 'slow', bytes: LARGE_BYTES });
    const first = createGate();
    void stream.next().then(first.open);
    await first.promise;
    // Until nothing moves any more.
    for (let seen = -1; seen !== agent.written;) {
      seen = agent.written;
      await sleep(250);
    }
    expect(agent.written).toBeLessThan(MAX_AHEAD_BYTES);
    expect(peakBytes()).toBeLessThan(MAX_MEMORY_BYTES);
    stream.destroy();
  });
}

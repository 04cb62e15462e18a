import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AgentEvent } from '../agent-events/agent-event.ts';
import type { NoiseFloor } from './figures/report-schema.ts';
import { createRunClock } from './run/run-clock.ts';
import { createApiGatewayTransport } from '../endpoint/api-gateway.ts';
import { runTurn } from '../endpoint/run-turn.ts';
import { distributionOf } from '../stream/distribution.ts';

/** Before them code is compiled: they are in no figure. */
const WARM_UP_TURNS = 10;
const SHORT_TURNS = 20;
const STREAMS = 5;

/**
 * Measures this client's own noise against a punctual server on loopback. Differences below it mean nothing on this machine. Takes about
 * half a second; the server runs in a thread of its own.
 * @returns undefined when it was aborted. @throws when a turn to ourselves fails, which is a bug or a machine without loopback
 */
export async function runSelfTest(signal: AbortSignal): Promise<NoiseFloor | undefined> {
  const sender = new Worker(new URL('./self-test-sender.mjs', import.meta.url));
  try {
    const [{ port }] = (await once(sender, 'message')) as [{ readonly port: number }];
    return await measure(port, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    await sender.terminate();
  }
}

async function measure(port: number, signal: AbortSignal): Promise<NoiseFloor> {
  const monotonic = createRunClock(0);
  const errors: number[] = [];
  const run = async (path: string, onEvent?: (event: AgentEvent, at: number) => void) => {
    const url = `http://127.0.0.1:${port}/${path}`;
    const transport = createApiGatewayTransport({ url, auth: { type: 'none' } });
    const result = await runTurn(transport, { prompt: 'go' }, onEvent ? { onEvent } : {}, signal);
    if (result.metrics.outcome === 'ok') return result;
    throw result.failure ?? new Error(`the self-test's own stream ended as ${result.metrics.outcome}`);
  };
  const ttfbs: number[] = [];
  for (let turn = 0; turn < WARM_UP_TURNS + SHORT_TURNS; turn += 1) {
    const { metrics } = await run('once');
    if (turn >= WARM_UP_TURNS) ttfbs.push(metrics.ttfbMs ?? 0);
  }
  const note = (event: AgentEvent, at: number): void => {
    if (event.type === 'text-delta') errors.push(monotonic.ofStamp(at) - Number(event.text));
  };
  await Promise.all(Array.from({ length: STREAMS }, () => run('stream', note)));
  const { n, p50 = 0, p99 = 0 } = distributionOf(errors);
  return { events: n, stampErrorP50Ms: p50, stampErrorP99Ms: p99, ttfbP50Ms: distributionOf(ttfbs).p50 ?? 0 };
}

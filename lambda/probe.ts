import { type FlushProbeRequest, KEEP_ALIVE, type ProbeEvent } from '../src/protocol.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStream, headStart } from './event-stream.ts';
import { createHeartbeat } from './heartbeat.ts';
import { type ClientResponse, EVENT_STREAM } from './response.ts';

/**
 * The synthetic stream: `count` events, each stamped as it is handed to the runtime, on an absolute schedule so that the
 * sender's own lateness does not add up. Stops early, between two events, when the invocation runs out of time.
 */
export async function streamProbe(
  plan: Required<FlushProbeRequest>,
  response: ClientResponse,
  remainingMs: () => number,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const startedAt = performance.now();
  const pad = plan.size_bytes > 0 ? 'x'.repeat(plan.size_bytes) : undefined;
  response.begin(200, { 'Content-Type': EVENT_STREAM, ...headers });
  const headLeft = headStart(plan.flush);
  if (headLeft) await headLeft;
  const firstAt = performance.now() + plan.first_delay_ms;
  const events = new EventStream(response, plan.flush);
  const heartbeat = createHeartbeat(plan.heartbeat_ms, () => events.fill(KEEP_ALIVE));
  try {
    for (let index = 0; index < plan.count; index += 1) {
      const wait = firstAt + index * plan.interval_ms - performance.now();
      if (wait > remainingMs() - 1_000) break;
      if (wait > 0) await sleep(wait);
      const event: ProbeEvent = {
        index,
        count: plan.count,
        sent_ms: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
        flush: plan.flush,
        ...(pad !== undefined && { pad }),
      };
      heartbeat.refresh();
      const flowing = events.write(`event: probe\nid: ${index}\ndata: ${JSON.stringify(event)}\n\n`);
      if (!flowing) await response.drained();
    }
    events.end();
  } finally {
    clearTimeout(heartbeat);
  }
}

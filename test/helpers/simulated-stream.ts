import type { StreamTrace, TurnRecord } from '../../src/bench/run/turn-record.ts';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { StreamMeter } from '../../src/stream/measure.ts';
import type { StreamMetrics } from '../../src/stream/metrics-schema.ts';
import type { Outcome } from '../../src/stream/outcome.ts';

/** What a stream does, read by read. Times are ms. */
export interface StreamPlan {
  readonly ttfbMs: number;
  /** Distances of the events that follow the first. */
  readonly gapsMs: readonly number[];
  /** A tool runs after this event for so long. */
  readonly tool?: { readonly after: number; readonly ms: number; readonly name: string };
  /** While a tool runs, a comment comes this often. */
  readonly heartbeatMs?: number;
  readonly bytesPerEvent: number;
  /** Past this many bytes no more than 2 MB/s come. */
  readonly throttledFrom?: number;
  readonly outcome?: Outcome;
}

export interface SimulatedStream {
  readonly metrics: StreamMetrics;
  readonly trace: StreamTrace;
}

const HEARTBEAT_BYTES = 14;
const THROTTLED_BYTES_PER_MS = 2_000;

/** Runs a plan through the meter that measures real streams. */
export function simulateStream(plan: StreamPlan): SimulatedStream {
  const meter = new StreamMeter(0);
  const trace = {
    readMs: [] as number[],
    bytes: [] as number[],
    eventMs: [] as number[],
    eventTypes: [] as string[],
    truncated: false,
  };
  let total = 0;
  const read = (at: number, bytes: number, event: AgentEvent): void => {
    total += bytes;
    meter.read(at, bytes);
    meter.events(at, [event]);
    trace.readMs.push(at);
    trace.bytes.push(total);
    trace.eventMs.push(at);
    trace.eventTypes.push(event.type);
  };

  meter.headers(plan.ttfbMs * 0.97);
  let at = plan.ttfbMs;
  read(at, 60, { type: 'data', event: 'message_start', data: '{}' });
  for (const [index, gapMs] of plan.gapsMs.entries()) {
    at += Math.max(gapMs, total > (plan.throttledFrom ?? Infinity) ? plan.bytesPerEvent / THROTTLED_BYTES_PER_MS : 0);
    read(at, plan.bytesPerEvent, { type: 'text-delta', text: 'word ' });
    if (plan.tool?.after !== index) continue;
    at += 12;
    read(at, 90, { type: 'tool-start', name: plan.tool.name });
    const end = at + plan.tool.ms;
    for (let beat = at + (plan.heartbeatMs ?? Infinity); beat < end; beat += plan.heartbeatMs ?? 0) {
      read(beat, HEARTBEAT_BYTES, { type: 'heartbeat' });
    }
    at = end;
    read(at, 120, { type: 'tool-end', name: plan.tool.name });
  }
  const outcome = plan.outcome ?? 'ok';
  if (outcome === 'error-event') read(at + 4, 80, { type: 'error', message: 'it broke' });
  if (outcome === 'ok') read(at + 3, 40, { type: 'finish' });
  return { metrics: meter.finish(at + 5, outcome), trace };
}

/** Of a turn that was refused: no stream at all. */
export function simulateRefusal(afterMs: number, outcome: TurnRecord['outcome']): StreamMetrics {
  const meter = new StreamMeter(0);
  meter.headers(afterMs);
  meter.read(afterMs + 1, 84);
  return meter.finish(afterMs + 1, outcome === 'unfinished' ? 'cancelled' : outcome);
}

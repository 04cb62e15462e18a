import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { LIST_PRICES } from '../../src/bench/figures/cost.ts';
import type { RunFacts } from '../../src/bench/figures/report-schema.ts';
import type { TurnRecord } from '../../src/bench/run/turn-record.ts';
import { StreamMeter } from '../../src/stream/measure.ts';
import type { StreamMetrics } from '../../src/stream/metrics-schema.ts';
import { loadPlan } from './load-plan.ts';

/** What came of a stream: each read with its bytes and one event. */
export interface StreamSketch {
  readonly headersMs?: number;
  /** ms since `sent`; empty: nothing came. */
  readonly readMs?: readonly number[];
  readonly bytesPerRead?: number;
  /** Of the read at this place; else text. */
  readonly event?: (index: number) => AgentEvent;
  /** When the end was known; else with the last read. */
  readonly endMs?: number;
}

/** A turn whose stream has gone through the meter that measures real ones. */
export function turnRecord(facts: Partial<TurnRecord> = {}, sketch: StreamSketch = {}): TurnRecord {
  const { outcome = 'ok' } = facts;
  return {
    index: 0,
    phase: 'measured',
    hop: 'api',
    class: 'warm',
    pair: facts.index ?? 0,
    sentMs: 0,
    latenessMs: 0,
    heldMs: 0,
    outcome,
    status: 200,
    metrics: streamMetrics(sketch, outcome === 'unfinished' ? 'cancelled' : outcome),
    ...facts,
  };
}

function streamMetrics(
  { headersMs, readMs = [100, 110], bytesPerRead = 50, event, endMs }: StreamSketch,
  outcome: StreamMetrics['outcome'],
): StreamMetrics {
  const meter = new StreamMeter(0);
  if (readMs[0] !== undefined) meter.headers(headersMs ?? readMs[0]);
  for (const [index, at] of readMs.entries()) {
    meter.read(at, bytesPerRead);
    meter.events(at, [event?.(index) ?? { type: 'text-delta', text: 'word ' }]);
  }
  return meter.finish(endMs ?? readMs.at(-1) ?? 0, outcome);
}

/** Facts of a run over one hop with the limits of a Regional endpoint, as far as a test does not say otherwise. */
export function runFacts({
  plan,
  ...facts
}: Partial<Omit<RunFacts, 'plan'>> & { readonly plan?: Partial<RunFacts['plan']> } = {}): RunFacts {
  const { conversations, ...others } = loadPlan({});
  const known = { ...others, conversations: conversations.length, ...plan };
  return {
    startedAt: '2026-11-20T09:30:00.000Z',
    durationMs: 60_000,
    sendingMs: 60_000,
    plan: known,
    hops: known.hops.map((hop) => ({
      hop,
      ...(hop !== 'agentcore' && { streamLimitMs: 900_000, memoryMb: 512 }),
      ...(hop === 'api' && { idleLimitMs: 300_000 }),
    })),
    versions: { agentstream: '0.1.0', node: '24.21.0' },
    sessions: { opened: 0, stopped: 0, left: 0 },
    prices: LIST_PRICES,
    thresholds: [],
    maxLagMs: 20,
    ...facts,
  };
}

export const IDLE_CLIENT = { loopDelayP99Ms: 1, loopDelayMaxMs: 5, busy: 0.1 } as const;

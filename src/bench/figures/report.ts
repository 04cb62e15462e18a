import type { Hop } from '../../stream/stream-part.ts';
import type { ClientFacts } from '../run/loop-watch.ts';
import type { BenchPlan } from '../run/plan.ts';
import type { PriceTable } from './prices.ts';
import type { Summary } from './summary.ts';
import type { TurnRecord } from '../run/turn-record.ts';

/** It changes when a member changes its meaning or goes. */
export const REPORT_SCHEMA = 'agentstream-bench/1';

/**
 * All of a run. `summary` is computed from the rest (`summarize`), so that reports of several machines merge exactly: their turns
 * and clients are put together and summed up anew.
 */
export interface BenchReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly run: RunFacts;
  /** One for each worker thread of each machine. */
  readonly clients: readonly ClientFacts[];
  readonly turns: readonly TurnRecord[];
  readonly summary: Summary;
}

export interface RunFacts {
  /** ISO 8601. */
  readonly startedAt: string;
  /** From the start of the load to the end of its last turn, ms. */
  readonly durationMs: number;
  /** How long turns were being sent, warm-up not counted, ms. */
  readonly sendingMs: number;
  /** Without the prompts' text. */
  readonly plan: Omit<BenchPlan, 'conversations'> & { readonly conversations: number };
  readonly hops: readonly HopFacts[];
  /** Why the run ended before its plan. */
  readonly stoppedBy?: 'interrupt' | 'budget';
  readonly versions: { readonly agentstream: string; readonly node: string };
  /** Of the loopback self-test; absent when it was left out. */
  readonly noiseFloor?: NoiseFloor;
  readonly sessions: { readonly opened: number; readonly stopped: number; readonly left: number };
  readonly prices: PriceTable;
  /** `--threshold` as given. */
  readonly thresholds: readonly string[];
  /** p99 of lateness and of event-loop delay past which the run is not valid, ms. */
  readonly maxLagMs: number;
}

export interface HopFacts {
  readonly hop: Hop;
  /** Undefined where there is none, or none is known. */
  readonly idleLimitMs?: number;
  readonly streamLimitMs?: number;
  /** Memory of the function, MB; undefined where it is not in the way, or not known. */
  readonly memoryMb?: number;
}

/** What this client sees of a server that sends on time, on this machine. */
export interface NoiseFloor {
  readonly events: number;
  /** Arrival stamp minus the sender's own, one clock, ms. */
  readonly stampErrorP50Ms: number;
  readonly stampErrorP99Ms: number;
  /** `ttfb` of an answer that is sent at once, ms. */
  readonly ttfbP50Ms: number;
}

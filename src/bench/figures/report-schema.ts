import * as v from 'valibot';
import type { Immutable } from '../../stream/metrics-schema.ts';
import { HOPS } from '../../stream/stream-part.ts';
import { planSchema } from '../run/plan.ts';
import { type ClientFacts, sessionsSchema, type TurnRecord } from '../run/turn-record.ts';

// The types of a run's facts come from these schemas. Import the types alone where nothing is parsed: writing a report needs no
// schema library.

const hopSchema = v.object({
  hop: v.picklist(HOPS),
  /** Undefined where there is none, or none is known. */
  idleLimitMs: v.exactOptional(v.number()),
  streamLimitMs: v.exactOptional(v.number()),
  /** Memory of the function, MB; undefined when the hop bypasses it, or it is not known. */
  memoryMb: v.exactOptional(v.number()),
});

export type HopFacts = Immutable<v.InferOutput<typeof hopSchema>>;

const noiseFloorSchema = v.object({
  events: v.number(),
  /** Arrival stamp minus the sender's own, one clock, ms. */
  stampErrorP50Ms: v.number(),
  stampErrorP99Ms: v.number(),
  /** `ttfb` of an answer that is sent at once, ms. */
  ttfbP50Ms: v.number(),
});

/** The noise of this client on this machine, measured against a punctual server on loopback. */
export type NoiseFloor = Immutable<v.InferOutput<typeof noiseFloorSchema>>;

const priceSchema = v.object({
  /** The day on which the prices were looked up. */
  asOf: v.string(),
  region: v.string(),
  /** A request of a REST API; each started 10 MB of a streamed answer is one. */
  apiGatewayRequest: v.number(),
  lambdaRequest: v.number(),
  lambdaGbSecond: v.number(),
  /** Streamed past the first 6 MB of an answer. */
  lambdaStreamedGb: v.number(),
  dataTransferGb: v.number(),
  agentCoreVcpuHour: v.number(),
  agentCoreGbHour: v.number(),
  /** Per million tokens of the model; 0: unknown, so the cost leaves tokens out and says so. */
  inputTokensMillion: v.number(),
  outputTokensMillion: v.number(),
});

/** Prices in USD. */
export type PriceTable = Immutable<v.InferOutput<typeof priceSchema>>;

/** Facts of a run in a file: one that broke off lacks what is known at the end only. */
export const runSoFarSchema = v.object({
  /** ISO 8601. */
  startedAt: v.pipe(
    v.string(),
    v.check((text) => !Number.isNaN(Date.parse(text)), 'a date'),
  ),
  /** The target of the run, as far as it is known. */
  target: v.exactOptional(
    v.object({
      stack: v.exactOptional(v.string()),
      region: v.exactOptional(v.string()),
      host: v.string(),
      /** Name of the AgentCore runtime. */
      agent: v.exactOptional(v.string()),
    }),
  ),
  plan: planSchema,
  hops: v.array(hopSchema),
  /** Why the run ended before its plan. */
  stoppedBy: v.exactOptional(v.picklist(['interrupt', 'budget'])),
  versions: v.object({ agentstream: v.string(), node: v.string() }),
  /** Result of the loopback self-test; absent with `--no-self-test`. */
  noiseFloor: v.exactOptional(noiseFloorSchema),
  prices: priceSchema,
  /** `--threshold` as given. */
  thresholds: v.array(v.string()),
  /** p99 of lateness and of event-loop delay past which the run is not valid, ms. */
  maxLagMs: v.number(),
  /** From the start of the load to the end of its last turn, ms. */
  durationMs: v.exactOptional(v.number()),
  /** How long turns were being sent, warm-up not counted, ms. */
  sendingMs: v.exactOptional(v.number()),
  sessions: v.exactOptional(sessionsSchema),
  /** Planned turns of an open load that the client's rate limits held back until the run was over; absent where there are none. */
  unsent: v.exactOptional(v.number()),
});

export type RunFactsSoFar = Immutable<v.InferOutput<typeof runSoFarSchema>>;

export type RunFacts = RunFactsSoFar & Required<Pick<RunFactsSoFar, 'durationMs' | 'sendingMs' | 'sessions'>>;

/** A run as it was written down. Its summary is computed from this alone, so that reports of several machines merge exactly. */
export interface RunRecord {
  readonly run: RunFacts;
  /** One for each worker thread of each machine. */
  readonly clients: readonly ClientFacts[];
  readonly turns: readonly TurnRecord[];
}

import type { ClientFacts, ProbeVerdict, TurnRecord } from '../run/turn-record.ts';
import type { RunFacts, RunFactsSoFar } from './report-schema.ts';
import type { Distribution } from '../../stream/distribution.ts';
import type { Hop } from '../../stream/stream-part.ts';
import type { GapHistogram, StreamSilence } from '../../stream/metrics-schema.ts';
import type { TurnClass, VerdictName } from '../run/turn-kinds.ts';

/** It changes when a member changes its meaning or goes. */
export const REPORT_SCHEMA = 'agentstream-bench/2';

/** All of a run. `summary` is computed from the rest, so that reports of several machines merge exactly. */
export interface BenchReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly run: RunFacts;
  /** One for each worker thread of each machine. */
  readonly clients: readonly ClientFacts[];
  readonly turns: readonly TurnRecord[];
  readonly summary: Summary;
}

/** A line of the NDJSON of one run, with its line feed. A run that breaks off is there up to its last turn. */
export type ReportLine =
  | { readonly type: 'run'; readonly run: RunFactsSoFar }
  | { readonly type: 'turn'; readonly turn: TurnRecord }
  | { readonly type: 'client'; readonly client: ClientFacts };

/** Facts first. They may be written again at the end: the last ones count. */
export function formatReportLine(line: ReportLine): string {
  switch (line.type) {
    case 'run':
      return print({ type: 'run', schema: REPORT_SCHEMA, ...line.run });
    case 'turn':
      return print({ type: 'turn', ...line.turn });
    case 'client':
      return print({ type: 'client', ...line.client });
  }
}

function print(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** Summary of a run, computed from its turns and facts alone. Only measured turns count, unless stated otherwise. */
export interface Summary {
  readonly validity: Validity;
  readonly counts: {
    /** Measured turns that were sent. */
    readonly sent: number;
    readonly ok: number;
    /** Ok turns whose answer held no text that is known; probes have none. */
    readonly withoutText: number;
    /** Neither ok nor unfinished nor cancelled by us. */
    readonly failed: number;
    readonly unfinished: number;
    readonly cancelled: number;
    /** Turns of the warm-up, which are in no other figure. */
    readonly warmup: number;
  };
  /** Hops in the plan's order, classes in theirs; only those with turns. */
  readonly groups: readonly GroupSummary[];
  readonly outcomes: readonly OutcomeCount[];
  /** The five longest of all streams, the longest first. */
  readonly silences: readonly Silence[];
  readonly headroom: readonly Headroom[];
  readonly throughput: {
    /** Ended well, by `sendingMs`; in a closed load up to the end of the last turn, where that is longer. */
    readonly turnsPerSecond: number;
    readonly eventsPerSecond: number;
    readonly bytesPerSecond: number;
  };
  readonly differences: readonly HopDifference[];
  readonly verdicts: readonly VerdictCount[];
  readonly cost: Cost;
  readonly thresholds: readonly ThresholdResult[];
}

/** `valid: false`: the client was the bottleneck, no headline figure may be printed. Each reason is a sentence with its number. */
export type Validity =
  | { readonly valid: true; readonly lag: ClientLag }
  | { readonly valid: false; readonly lag: ClientLag; readonly reasons: readonly string[] };

/** The client's own lateness, shown beside the figures. */
export interface ClientLag {
  readonly lateness: Distribution;
  /** The worst of the threads. */
  readonly loopDelayP99Ms: number;
  readonly busy: number;
}

/** Times of the ok turns, ms; open load counts them from the plan. Silences are those of every stream of the group, however it ended. */
export interface GroupSummary extends Readonly<Record<GroupFigure, Distribution>> {
  readonly hop: Hop;
  readonly class: TurnClass;
  readonly turns: number;
  readonly ok: number;
  /** Gaps, waits for the first byte and times from the last byte to the end. */
  readonly gapHistogram: GapHistogram;
}

/**
 * `gap`: between two reads. `maxGap`: the longest silence of each stream. `eventsPerSecond`, `bytesPerSecond`: within a stream, from its
 * first byte to its last. `init`, `agent`: Server-Timing.
 */
type GroupFigure =
  | ('headers' | 'ttfb' | 'ttfe' | 'ttft' | 'duration')
  | ('gap' | 'contentGap' | 'maxGap' | 'eventsPerSecond' | 'bytesPerSecond' | 'init' | 'agent');

export interface OutcomeCount {
  readonly hop: Hop;
  readonly outcome: TurnRecord['outcome'];
  readonly status?: number;
  readonly code?: string;
  readonly count: number;
  /** The limit that explains it, a sentence; absent for `ok` and where none does. */
  readonly explanation?: string;
}

export interface Silence extends StreamSilence {
  readonly hop: Hop;
  /** `index` of the turn. */
  readonly turn: number;
}

/** How near the streams of a hop came to its limits; warned from half of a limit, and again from four fifths. */
export interface Headroom {
  readonly hop: Hop;
  /** Undefined: there is none, or none is known. */
  readonly idleLimitMs?: number;
  /** The longest silence; heartbeats end one. Undefined without a stream. */
  readonly longest?: Silence;
  readonly idleLevel: LimitLevel;
  readonly heartbeats: number;
  /** Longest time without text, reasoning or a tool: what the longest silence would be without heartbeats, ms. */
  readonly longestContentGapMs: number;
  readonly idleCuts: number;
  readonly streamLimitMs?: number;
  /** p99 over all streams; absent with too few. */
  readonly longestStreamMs: number;
  readonly durationP99Ms?: number;
  readonly streamLevel: LimitLevel;
  readonly capCuts: number;
  readonly bandwidth: Bandwidth;
}

export type LimitLevel = 'ok' | 'half' | 'near' | 'reached';

/** Throttling as the byte curves show it: 2 MB/s after the first 10 MB (API Gateway) or 6 MB (Lambda). */
export interface Bandwidth {
  readonly largestBytes: number;
  /** Against the 6 MB from which Lambda may throttle, or 10 MB. */
  readonly level: LimitLevel;
  /** Streams whose curve bends at one of the two limits. */
  readonly throttled: number;
  /** Start of the throttle in the first throttled stream. */
  readonly fromBytes?: number;
  readonly bytesPerSecond?: number;
}

/** Latency that a hop adds to the one below it: median of the paired differences, with a bootstrap interval. */
export interface HopDifference {
  /** `API Gateway`, `Lambda`, or `API Gateway and Lambda`. */
  readonly what: string;
  readonly upper: Hop;
  readonly lower: Hop;
  readonly metric: 'ttfb' | 'ttft' | 'maxGap';
  /** Pairs of two ok turns of one class, neither cold. */
  readonly n: number;
  /** ms; undefined with fewer than 6 pairs. */
  readonly medianMs?: number;
  readonly lowMs?: number;
  readonly highMs?: number;
}

export interface VerdictCount {
  readonly hop: Hop;
  readonly name: VerdictName;
  readonly count: number;
  /** The verdict with the most events per read, or the latest first flush. */
  readonly worst: ProbeVerdict;
}

/** USD of all turns that were sent, whatever the phase. */
export interface Cost {
  readonly total: number;
  readonly parts: readonly { readonly name: string; readonly amount: number; readonly quantity: string }[];
  readonly perThousandTurns: number;
  /** Undefined without a good stream. */
  readonly perGoodStream?: number;
  /** Costs that are not included, a sentence each. */
  readonly leftOut: readonly string[];
}

export interface ThresholdResult {
  readonly threshold: string;
  /** `cannot-judge`: no turn, or too few for this percentile. */
  readonly result: 'pass' | 'fail' | 'cannot-judge';
  /** The measured figures for people: `ttfb p95 812 ms (api, warm, n 240)`. */
  readonly measured: string;
}

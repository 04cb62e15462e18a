import type { Hop } from '../../stream/stream-part.ts';
import type { TurnClass } from '../run/turn-kinds.ts';

export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown' | 'cannot judge';

/** Two runs, the second against the first. */
export interface Comparison {
  /** Confidence level of each interval in `rows`, percent. */
  readonly confidence: number;
  /** `cannot judge` if a run was not valid or no row could be judged, else `worse` if any row is, else `better` if any is. */
  readonly verdict: ComparisonVerdict;
  /** Why it cannot be judged, and what differs between the two plans; sentences. */
  readonly notes: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  readonly hop: Hop;
  /** Absent for what is taken over all turns of the hop: the share of ok turns. */
  readonly class?: TurnClass;
  /** `ttfb p50`, `ttft p95`, `maxGap p50`, `ok`, ... */
  readonly metric: string;
  readonly unit: 'ms' | 'share';
  readonly nBefore: number;
  readonly nAfter: number;
  readonly before?: number;
  readonly after?: number;
  /** After minus before, in `unit`, with its bootstrap interval at the comparison's confidence level. */
  readonly difference?: number;
  readonly low?: number;
  readonly high?: number;
  readonly verdict: ComparisonVerdict;
}

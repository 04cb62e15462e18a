import type { BenchReport } from '../../figures/report.ts';
import type { StreamTrace, TurnRecord } from '../../run/turn-record.ts';

/** Kinds of marks; each event of a stream is drawn as one. */
export const MARK_KINDS = ['text', 'reasoning', 'tool', 'heartbeat', 'error', 'other'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface StreamMarks {
  /** End of the lane, ms. */
  readonly endMs: number;
  /** Places (0 to 1,000) of the events of each kind, ascending; those that would lie on each other are one. */
  readonly events: Readonly<Record<MarkKind, readonly number[]>>;
  /** Places of reads. */
  readonly reads: readonly number[];
  /** The wait for the first byte and long silences: from, to (places), length. */
  readonly silences: readonly {
    readonly from: number;
    readonly to: number;
    readonly ms: number;
    readonly isFirst: boolean;
  }[];
}

/** Width of a lane, in places. */
export const LANE = 1_000;
/** A silence as long as this share of the stream is shown as one. */
const SILENCE_SHARE = 0.06;

const KIND_OF_TYPE: Readonly<Record<string, MarkKind>> = {
  'text-delta': 'text',
  'reasoning-delta': 'reasoning',
  'tool-start': 'tool',
  'tool-end': 'tool',
  heartbeat: 'heartbeat',
  error: 'error',
};

/** Where the reads, events and silences of a stream lie on its lane. @param durationMs of the stream */
export function streamMarks(trace: StreamTrace, durationMs: number): StreamMarks {
  const endMs = Math.max(durationMs, trace.readMs.at(-1) ?? 0, 1e-3);
  const place = (ms: number): number => Math.min(LANE, Math.max(0, Math.round((ms / endMs) * LANE)));
  const ofKind = (kind: MarkKind): number[] =>
    distinct(trace.eventMs.filter((_, index) => (KIND_OF_TYPE[trace.eventTypes[index] ?? ''] ?? 'other') === kind).map(place));
  const starts = [0, ...trace.readMs];
  const ends = trace.truncated ? trace.readMs : [...trace.readMs, endMs];
  const silences = ends
    .map((ms, index) => ({ from: starts[index] ?? 0, to: ms, isFirst: index === 0 }))
    .filter(({ from, to, isFirst }) => isFirst || to - from >= SILENCE_SHARE * endMs)
    .map(({ from, to, isFirst }) => ({ from: place(from), to: place(to), ms: to - from, isFirst }));
  return {
    endMs,
    events: {
      text: ofKind('text'),
      reasoning: ofKind('reasoning'),
      tool: ofKind('tool'),
      heartbeat: ofKind('heartbeat'),
      error: ofKind('error'),
      other: ofKind('other'),
    },
    reads: distinct(trace.readMs.map(place)),
    silences,
  };
}

function distinct(places: readonly number[]): number[] {
  return [...new Set(places)];
}

export type TracedTurn = TurnRecord & { readonly trace: StreamTrace };

/** Streams of one hop that are shown. */
const OF_A_HOP = 4;

/** Streams whose reads were written down, a few of each hop: the longest silences, the longest ones, the first ones. */
export function tracedTurns({ run, turns }: BenchReport): TracedTurn[] {
  const traced = turns.filter((turn): turn is TracedTurn => turn.phase === 'measured' && (turn.trace?.readMs.length ?? 0) > 0);
  return run.plan.hops.flatMap((hop) => {
    const own = traced.filter((turn) => turn.hop === hop);
    const picked = new Set([
      ...own.toSorted((a, b) => b.metrics.maxGapMs - a.metrics.maxGapMs).slice(0, 2),
      ...own.toSorted((a, b) => b.metrics.bytes - a.metrics.bytes).slice(0, 1),
      ...own.toSorted((a, b) => a.sentMs - b.sentMs),
    ]);
    return [...picked].slice(0, OF_A_HOP).sort((a, b) => a.sentMs - b.sentMs);
  });
}

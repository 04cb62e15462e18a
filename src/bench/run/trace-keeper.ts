import type { Hop } from '../../stream/stream-part.ts';
import { roundTimes } from './run-clock.ts';
import type { StreamTrace, TurnRecord } from './turn-record.ts';

/** A turn whose reads are worth showing. */
export interface TracedTurn {
  readonly record: Pick<TurnRecord, 'index' | 'hop' | 'sentMs' | 'metrics'>;
  readonly trace: StreamTrace;
}

/** A trace that costs something to keep: taken or dropped, once. */
export interface OfferedTrace {
  take(): StreamTrace;
  drop(): void;
}

/** Keeps the traces of a few turns of each hop, whatever the number that is offered. */
export interface TraceKeeper {
  offer(record: TracedTurn['record'], trace: OfferedTrace): void;
  kept(): TracedTurn[];
}

interface Reason {
  readonly count: number;
  /** The higher the sooner kept. */
  readonly rank: (turn: Pick<TracedTurn, 'record'>) => number;
}

const REASONS: readonly Reason[] = [
  { count: 3, rank: ({ record }) => -record.sentMs },
  { count: 3, rank: ({ record }) => record.metrics.maxGapMs },
  { count: 2, rank: ({ record }) => record.metrics.durationMs },
];

/** Keeps, for each hop, the first three turns, the three with the longest silences and the two longest streams. */
export function createTraceKeeper(): TraceKeeper {
  const byHop = new Map<Hop, TracedTurn[][]>();
  return {
    offer(record, trace) {
      const lists = byHop.get(record.hop) ?? REASONS.map(() => []);
      byHop.set(record.hop, lists);
      const isWanted = ({ count, rank }: Reason, index: number): boolean => {
        const list = lists[index] ?? [];
        const last = list.at(-1);
        return !last || list.length < count || rank({ record }) > rank(last);
      };
      // Mostly it ends here.
      if (!REASONS.some(isWanted)) return trace.drop();
      const turn = { record, trace: roundTimes(trace.take()) };
      for (const [index, reason] of REASONS.entries()) {
        const list = lists[index];
        if (!list || !isWanted(reason, index)) continue;
        list.push(turn);
        list.sort((a, b) => reason.rank(b) - reason.rank(a));
        list.length = Math.min(list.length, reason.count);
      }
    },
    kept: () => [...new Set([...byHop.values()].flat(2))],
  };
}

import type { AgentEvent } from '../../agent-events/agent-event.ts';
import type { StreamTrace, TurnRecord } from './turn-record.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { roundTimes } from './run-clock.ts';

/** Reads, and as many events, of one stream. */
const MAX_READS = 5_000;
/** Reads and events of all streams in flight together. */
const MAX_ENTRIES = 2_000_000;
/**
 * Entries of a page (stamp, number), which lies outside the heap and is used again: growing arrays cost GC pauses of 20 ms and more
 * (`npm run bench:streams`).
 */
const PAGE = 128;

/** By their number on a page. */
const EVENT_TYPES: readonly AgentEvent['type'][] = [
  'text-delta',
  'reasoning-delta',
  'tool-start',
  'tool-end',
  'usage',
  'error',
  'finish',
  'heartbeat',
  'data',
  'malformed',
];
const NUMBER_OF_TYPE: ReadonlyMap<string, number> = new Map(EVENT_TYPES.map((type, number) => [type, number]));

interface Memory {
  /** Entries that may still be written. */
  left: number;
  readonly freePages: Float64Array[];
}

/** Bounds the memory of the traces. @param maxReads of one stream, and as many events @param maxEntries of all in flight */
export function createTracing(maxReads = MAX_READS, maxEntries = MAX_ENTRIES) {
  const memory: Memory = { left: maxEntries, freePages: [] };
  return { begin: () => new ReadTrace(new Log(memory, maxReads), new Log(memory, maxReads)) };
}

/** The trace of one stream. Taken or dropped once, at the end of the stream. A class: touched for each read of each stream. */
export class ReadTrace {
  readonly #reads: Log;
  readonly #events: Log;
  #bytes = 0;

  constructor(reads: Log, events: Log) {
    this.#reads = reads;
    this.#events = events;
  }

  /** @param at stamp of the read @param bytes of it */
  read(at: number, bytes: number): void {
    this.#bytes += bytes;
    this.#reads.add(at, this.#bytes);
  }

  event(at: number, type: AgentEvent['type']): void {
    this.#events.add(at, NUMBER_OF_TYPE.get(type) ?? 0);
  }

  /** Times become ms since `sentAt`. */
  take(sentAt: number): StreamTrace {
    const trace = {
      readMs: this.#reads.stamps(sentAt),
      bytes: this.#reads.values(),
      eventMs: this.#events.stamps(sentAt),
      eventTypes: this.#events.values().map((number) => EVENT_TYPES[number] ?? 'data'),
      truncated: this.#reads.truncated || this.#events.truncated,
    };
    this.drop();
    return trace;
  }

  drop(): void {
    this.#reads.free();
    this.#events.free();
  }
}

class Log {
  truncated = false;
  readonly #memory: Memory;
  readonly #most: number;
  #pages: Float64Array[] = [];
  #page: Float64Array = new Float64Array();
  #count = 0;

  constructor(memory: Memory, most: number) {
    this.#memory = memory;
    this.#most = most;
  }

  add(at: number, value: number): void {
    if (this.#count === this.#most || this.#memory.left === 0) {
      this.truncated = true;
      return;
    }
    const place = (this.#count % PAGE) * 2;
    if (place === 0) this.#pages.push((this.#page = this.#memory.freePages.pop() ?? new Float64Array(PAGE * 2)));
    this.#page[place] = at;
    this.#page[place + 1] = value;
    this.#count += 1;
    this.#memory.left -= 1;
  }

  stamps(since: number): number[] {
    return this.#every(0).map((at) => at - since);
  }

  values(): number[] {
    return this.#every(1);
  }

  free(): void {
    this.#memory.left += this.#count;
    this.#memory.freePages.push(...this.#pages);
    this.#pages = [];
    this.#count = 0;
  }

  /** @param member 0: the stamps, 1: the numbers */
  #every(member: 0 | 1): number[] {
    const numbers = this.#pages.flatMap((page) => [...page]).slice(0, this.#count * 2);
    return numbers.filter((_, place) => place % 2 === member);
  }
}

/** A turn whose reads are worth showing. */
export interface TracedTurn {
  readonly record: Pick<TurnRecord, 'index' | 'hop' | 'sentMs' | 'metrics'>;
  readonly trace: StreamTrace;
}

/** A trace that costs something to keep: taken or dropped, once. */
export type OfferedTrace = { take(): StreamTrace; drop(): void };

export type TraceKeeper = ReturnType<typeof createTraceKeeper>;

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
export function createTraceKeeper() {
  const byHop = new Map<Hop, TracedTurn[][]>();
  return {
    offer(record: TracedTurn['record'], trace: OfferedTrace): void {
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
    kept: (): TracedTurn[] => [...new Set([...byHop.values()].flat(2))],
  };
}

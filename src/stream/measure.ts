import type { AgentEvent } from '../agent-events/agent-event.ts';
import { createGapRecorder, type GapHistogram, type GapRecorder, NO_GAPS } from './gap-histogram.ts';
import type { Outcome } from './outcome.ts';

/** Times are milliseconds since `sent`. */
export interface StreamMetrics {
  readonly outcome: Outcome;
  /** Response headers. */
  readonly headersMs?: number;
  /** First body byte. */
  readonly ttfbMs?: number;
  /** First event that is not a comment. */
  readonly ttfeMs?: number;
  /** First event with text in it. */
  readonly ttftMs?: number;
  readonly firstToolMs?: number;
  readonly firstReasoningMs?: number;
  /** To the last byte; when the body did not end properly, to the moment that this was known. */
  readonly durationMs: number;
  /** Longest time between two reads, what an idle timer sees. The wait for the first byte is `ttfbMs`, not a gap. */
  readonly maxGapMs: number;
  /** When that gap began. */
  readonly maxGapAtMs: number;
  /** All gaps between reads, and the five longest. */
  readonly gaps: { readonly histogram: GapHistogram; readonly top: readonly LongGap[] };
  /** Longest time between two events with text, reasoning or a tool in them: what a person sees. */
  readonly maxContentGapMs: number;
  /** All gaps between such events. */
  readonly contentGaps: GapHistogram;
  readonly reads: number;
  readonly bytes: number;
  /** When each whole megabyte (10^6 bytes) of the body had come: its byte curve. Empty below the first. */
  readonly megabyteMs: readonly number[];
  /** Events except comments; a whole answer counts as one. */
  readonly events: number;
  readonly heartbeats: number;
  /** Events with text in them. */
  readonly textEvents: number;
}

const MEGABYTE = 1_000_000;

/** Measures one stream. It has no clock: every time is a stamp of the caller's, on one monotonic clock. */
export interface StreamMeter {
  headers(at: number): void;
  read(at: number, bytes: number): void;
  /** One event of the stream and what it says, stamped with the read that completed it. */
  events(at: number, events: readonly AgentEvent[]): void;
  readonly sawError: boolean;
  /** Since the last read, the headers or `sent`, ms. */
  silenceMs(at: number): number;
  /** Closes the measurement. @param at the body's proper end, or when it was known that it would not come */
  finish(at: number, outcome: Outcome): StreamMetrics;
}

/** Measures a stream that was sent at this time. */
export function createStreamMeter(sentAt: number): StreamMeter {
  return new Meter(sentAt);
}

/** A class: one object for each stream is touched for each of its events, not a closure for each method. */
class Meter implements StreamMeter {
  readonly #sentAt: number;
  readonly #gaps = createGapRecorder();
  readonly #longest = new LongestGaps();
  /** Made for the first of them: not every stream has content. */
  #contentGaps: GapRecorder | undefined;
  #megabyteMs: number[] | undefined;
  #headersMs: number | undefined;
  #ttfbMs: number | undefined;
  #ttfeMs: number | undefined;
  #ttftMs: number | undefined;
  #firstToolMs: number | undefined;
  #firstReasoningMs: number | undefined;
  #lastReadAt = Number.NaN;
  #lastContentAt = Number.NaN;
  #maxContentGapMs = 0;
  #reads = 0;
  #bytes = 0;
  #nextMegabyte = MEGABYTE;
  #events = 0;
  #heartbeats = 0;
  #textEvents = 0;
  #lastType = 'none';
  #sawError = false;

  constructor(sentAt: number) {
    this.#sentAt = sentAt;
  }

  headers(at: number): void {
    this.#headersMs ??= at - this.#sentAt;
  }

  read(at: number, size: number): void {
    if (this.#reads === 0) {
      this.#ttfbMs = at - this.#sentAt;
    } else {
      const gapMs = at - this.#lastReadAt;
      this.#gaps.record(gapMs);
      this.#longest.add(gapMs, this.#lastReadAt - this.#sentAt, this.#lastType);
    }
    this.#lastReadAt = at;
    this.#reads += 1;
    this.#bytes += size;
    if (this.#bytes >= this.#nextMegabyte) this.#markMegabytes(at);
  }

  events(at: number, events: readonly AgentEvent[]): void {
    let hasText = false;
    let hasContent = false;
    for (const event of events) {
      const { type } = event;
      this.#lastType = type;
      if (type === 'text-delta') {
        hasText ||= event.text !== '';
      } else if (type === 'heartbeat') {
        this.#heartbeats += 1;
        return;
      } else if (type === 'reasoning-delta') {
        this.#firstReasoningMs ??= at - this.#sentAt;
        hasContent = true;
      } else if (type === 'tool-start') {
        this.#firstToolMs ??= at - this.#sentAt;
        hasContent = true;
      } else if (type === 'error') {
        this.#sawError = true;
      }
    }
    this.#events += 1;
    this.#ttfeMs ??= at - this.#sentAt;
    if (hasText) {
      this.#textEvents += 1;
      this.#ttftMs ??= at - this.#sentAt;
    } else if (!hasContent) {
      return;
    }
    this.#content(at);
  }

  get sawError(): boolean {
    return this.#sawError;
  }

  silenceMs(at: number): number {
    return at - (this.#reads === 0 ? this.#sentAt + (this.#headersMs ?? 0) : this.#lastReadAt);
  }

  finish(at: number, outcome: Outcome): StreamMetrics {
    const top = this.#longest.list();
    const lastAt = BROKEN_OFF.has(outcome) || this.#reads === 0 ? at : this.#lastReadAt;
    return {
      outcome,
      ...(this.#headersMs !== undefined && { headersMs: this.#headersMs }),
      ...(this.#ttfbMs !== undefined && { ttfbMs: this.#ttfbMs }),
      ...(this.#ttfeMs !== undefined && { ttfeMs: this.#ttfeMs }),
      ...(this.#ttftMs !== undefined && { ttftMs: this.#ttftMs }),
      ...(this.#firstToolMs !== undefined && { firstToolMs: this.#firstToolMs }),
      ...(this.#firstReasoningMs !== undefined && { firstReasoningMs: this.#firstReasoningMs }),
      durationMs: lastAt - this.#sentAt,
      maxGapMs: top[0]?.ms ?? 0,
      maxGapAtMs: top[0]?.atMs ?? 0,
      gaps: { histogram: this.#gaps.snapshot(), top },
      maxContentGapMs: this.#maxContentGapMs,
      contentGaps: this.#contentGaps?.snapshot() ?? NO_GAPS,
      reads: this.#reads,
      bytes: this.#bytes,
      megabyteMs: this.#megabyteMs ?? [],
      events: this.#events,
      heartbeats: this.#heartbeats,
      textEvents: this.#textEvents,
    };
  }

  #content(at: number): void {
    const gapMs = at - this.#lastContentAt;
    this.#lastContentAt = at;
    // The first content event ends no gap.
    if (Number.isNaN(gapMs)) return;
    this.#contentGaps ??= createGapRecorder();
    this.#contentGaps.record(gapMs);
    if (gapMs > this.#maxContentGapMs) this.#maxContentGapMs = gapMs;
  }

  #markMegabytes(at: number): void {
    this.#megabyteMs ??= [];
    for (; this.#bytes >= this.#nextMegabyte; this.#nextMegabyte += MEGABYTE) {
      this.#megabyteMs.push(at - this.#sentAt);
    }
  }
}

const BROKEN_OFF: ReadonlySet<Outcome> = new Set(['reset', 'idle-cut', 'cap-cut', 'client-timeout', 'cancelled']);

/** A silence, where it was, and what came just before it. */
interface LongGap {
  readonly ms: number;
  /** When it began, ms since `sent`. */
  readonly atMs: number;
  /** Type of the event before; `none` when no event had come. */
  readonly after: string;
}

const KEPT = 5;

/** Keeps the five longest, the longest first; of equal ones the earlier. */
class LongestGaps {
  readonly #kept: LongGap[] = [];
  #least = -1;

  add(ms: number, atMs: number, after: string): void {
    // Most gaps end here: a stream has thousands.
    if (ms <= this.#least) return;
    const place = this.#kept.findIndex((gap) => gap.ms < ms);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, { ms, atMs, after });
    if (this.#kept.length > KEPT) this.#kept.pop();
    if (this.#kept.length === KEPT) this.#least = this.#kept.at(-1)?.ms ?? -1;
  }

  list(): readonly LongGap[] {
    return [...this.#kept];
  }
}

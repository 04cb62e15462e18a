import type { AgentEvent } from '../agent-events/agent-event.ts';
import { createGapRecorder, type GapHistogram, type GapRecorder, NO_GAPS } from './gap-histogram.ts';
import type { Outcome } from './outcome.ts';
import { LongestSilences, silenceEnd, type StreamSilence } from './silence.ts';

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
  /** Last body byte. */
  readonly lastByteMs?: number;
  /** To the end of the stream, or to the moment when it was known that there would be none: a cut, a timeout, a cancellation. */
  readonly durationMs: number;
  /** The longest silence: `gaps.top[0]`, which says where it was and how it ended. At least the idle limit when that cut the stream. */
  readonly maxGapMs: number;
  /** When that silence began. */
  readonly maxGapAtMs: number;
  /** The gaps between two reads, and the five longest silences: gaps, the wait for the first byte, the time from the last byte on. */
  readonly gaps: { readonly histogram: GapHistogram; readonly top: readonly StreamSilence[] };
  /** Longest time between two events with text, reasoning or a tool in them: what a person sees. */
  readonly maxContentGapMs: number;
  /** All gaps between such events. */
  readonly contentGaps: GapHistogram;
  readonly reads: number;
  readonly bytes: number;
  /** When each whole megabyte (10^6 bytes) of the body had come: its byte curve. Empty below the first. */
  readonly megabyteMs: readonly number[];
  /** Events except comments; a JSON document counts as one, each read of plain text as another. */
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
  /** Anything but comments. */
  readonly sawContent: boolean;
  /** Since the last read, the headers or `sent`, ms. */
  silenceMs(at: number): number;
  /**
   * Closes the measurement.
   * @param at the body's proper end, or when it was known that it would not come
   * @param idleLimitMs a silence that this limit ended counts no less: the server's timer and ours do not start together
   */
  finish(at: number, outcome: Outcome, idleLimitMs?: number): StreamMetrics;
}

/** Measures a stream that was sent at this time. */
export function createStreamMeter(sentAt: number): StreamMeter {
  return new Meter(sentAt);
}

/** A class: one object for each stream is touched for each of its events, not a closure for each method. */
class Meter implements StreamMeter {
  readonly #sentAt: number;
  readonly #gaps = createGapRecorder();
  readonly #longest = new LongestSilences();
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
      const waitMs = at - this.#sentAt;
      this.#ttfbMs = waitMs;
      this.#longest.add(waitMs, 0, 'none', 'before-first-byte', 'byte');
    } else {
      const gapMs = at - this.#lastReadAt;
      this.#gaps.record(gapMs);
      this.#longest.add(gapMs, this.#lastReadAt - this.#sentAt, this.#lastType, 'between-reads', 'byte');
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

  get sawContent(): boolean {
    return this.#events > 0;
  }

  silenceMs(at: number): number {
    return at - (this.#reads === 0 ? this.#sentAt + (this.#headersMs ?? 0) : this.#lastReadAt);
  }

  finish(at: number, outcome: Outcome, idleLimitMs = 0): StreamMetrics {
    const hasRead = this.#reads > 0;
    const lastByteMs = hasRead ? this.#lastReadAt - this.#sentAt : 0;
    const tailMs = Math.max(at - this.#sentAt - lastByteMs, outcome === 'idle-cut' ? idleLimitMs : 0);
    const where = hasRead ? 'before-end' : 'before-first-byte';
    this.#longest.add(tailMs, lastByteMs, this.#lastType, where, silenceEnd(outcome));
    const top = this.#longest.list();
    return {
      outcome,
      ...(this.#headersMs !== undefined && { headersMs: this.#headersMs }),
      ...(this.#ttfbMs !== undefined && { ttfbMs: this.#ttfbMs }),
      ...(this.#ttfeMs !== undefined && { ttfeMs: this.#ttfeMs }),
      ...(this.#ttftMs !== undefined && { ttftMs: this.#ttftMs }),
      ...(this.#firstToolMs !== undefined && { firstToolMs: this.#firstToolMs }),
      ...(this.#firstReasoningMs !== undefined && { firstReasoningMs: this.#firstReasoningMs }),
      ...(hasRead && { lastByteMs }),
      durationMs: lastByteMs + tailMs,
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

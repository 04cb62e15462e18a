import type { AgentEvent } from '../agent-events/agent-event.ts';
import { GapRecorder, NO_GAPS } from './distribution.ts';
import type { StreamMetrics } from './metrics-schema.ts';
import { endingOfOutcome, type Outcome } from './outcome.ts';
import { LongestSilences } from './silence.ts';

const MEGABYTE = 1_000_000;

/**
 * Measures one stream. It has no clock: times are stamps of the caller's, the first is that of `sent`. A class, because each event of each
 * stream calls it.
 */
export class StreamMeter {
  readonly #sentAt: number;
  readonly #gaps = new GapRecorder();
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

  /** One event of the stream and what it says, stamped with the read that completed it. */
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

  /** Anything but comments. */
  get sawContent(): boolean {
    return this.#events > 0;
  }

  /** Since the last read, the headers or `sent`, ms. */
  silenceMs(at: number): number {
    return at - (this.#reads === 0 ? this.#sentAt + (this.#headersMs ?? 0) : this.#lastReadAt);
  }

  /**
   * Closes the measurement.
   * @param at the body's proper end, or when it was known that it would not come
   * @param idleLimitMs a silence that this limit ended counts no less: the server's timer and ours do not start together
   */
  finish(at: number, outcome: Outcome, idleLimitMs = 0): StreamMetrics {
    const hasRead = this.#reads > 0;
    const lastByteMs = hasRead ? this.#lastReadAt - this.#sentAt : 0;
    const tailMs = Math.max(at - this.#sentAt - lastByteMs, outcome === 'idle-cut' ? idleLimitMs : 0);
    const ending = endingOfOutcome(outcome);
    const where = hasRead ? 'before-end' : 'before-first-byte';
    this.#longest.add(tailMs, lastByteMs, this.#lastType, where, ending === 'reset' ? 'cut' : ending);
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
    this.#contentGaps ??= new GapRecorder();
    this.#contentGaps.record(gapMs);
    if (gapMs > this.#maxContentGapMs) this.#maxContentGapMs = gapMs;
  }

  #markMegabytes(at: number): void {
    this.#megabyteMs ??= [];
    for (; this.#bytes >= this.#nextMegabyte; this.#nextMegabyte += MEGABYTE) this.#megabyteMs.push(at - this.#sentAt);
  }
}

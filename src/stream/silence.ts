import type { Outcome } from './outcome.ts';

export const SILENCE_PLACES = ['before-first-byte', 'between-reads', 'before-end'] as const;
export const SILENCE_ENDS = ['byte', 'end', 'cut', 'client-timeout', 'cancelled'] as const;

/** A time of one stream in which no byte came, as an idle timer sees it. */
export interface StreamSilence {
  readonly ms: number;
  /** When it began, ms since `sent`. */
  readonly atMs: number;
  /** Type of the event before; `none` when no event had come. */
  readonly after: string;
  /** `before-end`: no byte came any more, however the stream ended. */
  readonly where: (typeof SILENCE_PLACES)[number];
  /** A byte, the clean end, a cut by the server or the network, a timer of this client, or the caller's cancellation. */
  readonly endedBy: (typeof SILENCE_ENDS)[number];
}

/** How a silence ends that a stream of this outcome ends with. */
export function silenceEnd(outcome: Outcome): StreamSilence['endedBy'] {
  if (outcome === 'client-timeout' || outcome === 'cancelled') return outcome;
  return outcome === 'reset' || outcome === 'idle-cut' || outcome === 'cap-cut' ? 'cut' : 'end';
}

/**
 * A silence in words, behind its length: `before the first byte`, `after tool-start`, `before the end`, or `after tool-start, ended by
 * a cut`. The event is text from outside.
 */
export function describeSilence({ where, after, endedBy }: StreamSilence): string {
  const event = after === 'none' ? 'before the first event' : `after ${after}`;
  const isFirst = where === 'before-first-byte';
  if (endedBy === 'byte') return isFirst ? 'before the first byte' : event;
  if (endedBy === 'end') return 'before the end';
  return `${isFirst ? 'before the first byte' : event}, ${CUT_SHORT[endedBy]}`;
}

const CUT_SHORT = {
  cut: 'ended by a cut',
  'client-timeout': "ended by this client's own limit",
  cancelled: 'ended by cancelling',
} as const;

const KEPT = 5;

/** Keeps the five longest, the longest first; of equal ones the earlier. */
export class LongestSilences {
  readonly #kept: StreamSilence[] = [];
  #least = -1;

  add(ms: number, atMs: number, after: string, where: StreamSilence['where'], endedBy: StreamSilence['endedBy']): void {
    // Most gaps end here: a stream has thousands.
    if (ms <= this.#least) return;
    const place = this.#kept.findIndex((silence) => silence.ms < ms);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, { ms, atMs, after, where, endedBy });
    if (this.#kept.length > KEPT) this.#kept.pop();
    if (this.#kept.length === KEPT) this.#least = this.#kept.at(-1)?.ms ?? -1;
  }

  list(): readonly StreamSilence[] {
    return [...this.#kept];
  }
}

import type { StreamSilence } from './metrics-schema.ts';

/** A silence in words: `before the first byte`, `after tool-start, ended by a cut`. The event is text from outside. */
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

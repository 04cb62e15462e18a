/** A silence, where it was, and what came just before it. */
export interface LongGap {
  readonly ms: number;
  /** When it began, ms since `sent`. */
  readonly atMs: number;
  /** Type of the event before; `none` when no event had come. */
  readonly after: string;
}

const KEPT = 5;

/** Keeps the five longest, the longest first; of equal ones the earlier. */
export class LongestGaps {
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

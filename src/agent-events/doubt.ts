import { unwrap } from './wrapped.ts';

/** Python's word for nothing: `yield f"data: {event}"` of a generator that yields nothing now and then. */
const NONE = 'None';
/** In characters: behind so many, objects are the answer. */
const MAX_HELD = 65_536;

/**
 * Holds a text back while nobody can tell whether it belongs to the answer: `None`, and an object at the beginning that may be an event
 * of a shape that nobody knows.
 */
export class Doubt {
  #held = '';

  /** @param isFirst nothing has been said so far @returns the text with what was held back before it; nothing while it waits */
  settle(text: string, isFirst: boolean): string {
    // A model's piece that goes on behind its word "None" begins with a blank or a sign.
    const isNothing = this.#held === NONE && /^[\p{L}\p{N}]/u.test(text);
    const all = (isNothing ? '' : this.#held) + text;
    const waits = text === NONE || (isFirst && all.length < MAX_HELD && unwrap(text) !== undefined);
    this.#held = waits ? all : '';
    return waits ? '' : all;
  }

  /** An event was held back, no text. */
  drop(): void {
    this.#held = '';
  }

  /** @returns what was held back, for the case that the stream has no other text */
  end(): string {
    return this.#held === NONE ? '' : this.#held;
  }

  get isOpen(): boolean {
    return this.#held !== '';
  }
}

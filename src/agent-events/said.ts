import { BYTES } from './members.ts';

/** Longest answer that is compared with what comes later, in characters. */
const MAX_COMPARED = 2_000_000;
/** Messages that a message on its own is compared with, and origins of pieces that are told apart: the latest, or the first. */
const MAX_KNOWN = 200;

/** The source of texts that are labelled as pieces. */
export const DELTA = 'text-delta';

/** White space differs between the pieces of a text and the whole of it: frameworks trim, join with line ends, add blanks. */
const squeeze = (text: string): string => text.replace(/\s+/g, '');

/**
 * Text joined of small pieces. A string made by `+=` keeps each of them alive, and copying those doubles the time of garbage collection;
 * a buffer that doubles costs more than all else that is done with a piece (`npm run bench:receive`).
 */
class Joined {
  readonly #units = new Uint16Array(1_024);
  #length = 0;
  #full = '';

  add(text: string): void {
    const end = this.#length + text.length;
    if (end > this.#units.length) return this.#fill(text);
    const units = this.#units;
    for (let from = 0, to = this.#length; to < end; from += 1, to += 1) units[to] = text.charCodeAt(from);
    this.#length = end;
  }

  /** @returns the text so far, and begins anew */
  take(): string {
    this.#fill('');
    const text = this.#full;
    this.#full = '';
    return text;
  }

  #fill(text: string): void {
    this.#full += Buffer.from(this.#units.buffer, 0, this.#length * 2).toString('utf16le') + text;
    this.#length = 0;
  }
}

/** A message that is told whole. Equal texts with different ids are different messages. */
export type Message = { readonly text: string; readonly id?: string | undefined };

/** A message that was said. */
interface Told extends Message {
  /** The text, squeezed. */
  readonly bare: string;
}

/** The new part of a message, and where the search for the next message begins among those told before. */
type Finding = { readonly fresh: string; readonly from: number };

/** A text of which the next event tells whether it is all of the text so far, or a piece. */
interface Held {
  readonly text: string;
  /** `growth`: it begins with all that was said; `repeat`: it is all that was said. */
  readonly as: 'growth' | 'repeat';
}

/**
 * Remembers what one stream has said, so that no text comes out twice. Frameworks send an answer in pieces, then whole in another
 * event, then in the list of all messages; some send with each event all of the text so far.
 *
 * All methods take texts and return what of them is new. Each costs as much as its own text is long, whatever came before.
 */
export class Said {
  #length = 0;
  readonly #told: Told[] = [];
  /** Pieces that no message has repeated yet, as they came and squeezed; the last of them are squeezed when somebody asks. */
  #open = '';
  #openBare = '';
  readonly #latest = new Joined();
  #pieces = 0;
  readonly #pieceSources = new Set<string>();
  /** Source of the last text, when it was a piece. */
  #steady: string | undefined;
  #held: Held | undefined;
  /** The text so far, in a stream that sends all of it with each event. */
  #grown: string | undefined;

  /** No text has come. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /**
   * A piece, or all of the text so far, or the whole after its pieces: labels do not tell reliably. Where only the next event can tell,
   * the text is held back.
   * @param source where in the event the text stood
   */
  piece(text: string, source: string): string {
    if (text === '') return '';
    if (source === BYTES || (source === this.#steady && text.length < this.#length)) return this.#say(text);
    this.#steady = undefined;
    if (this.#grown !== undefined) return this.#grow(text, this.#grown);
    if (this.#held) return this.#settle(this.#held, text, source);
    const isKnown = this.#pieceSources.has(source);
    const bare = isKnown || source === DELTA || this.#length === 0 ? '' : squeeze(text);
    if (bare !== '' && [this.#bare(), this.#told.at(-1)?.bare].includes(bare)) return this.messages([{ text }]);
    this.#held = isKnown ? this.#heldBack(text, source) : undefined;
    if (this.#held) return '';
    if (this.#pieceSources.size < MAX_KNOWN) this.#pieceSources.add(source);
    this.#pieces += 1;
    this.#steady = source;
    return this.#say(text);
  }

  /** Messages that are told whole: one, or all that answer the last question, in order. */
  messages(list: readonly Message[]): string {
    if (this.#length > MAX_COMPARED) return '';
    this.#steady = undefined;
    const isAlone = list.length === 1;
    const bares = list.map(({ text }) => squeeze(text));
    let fresh = this.#judge(bares);
    let from = isAlone ? Math.max(0, this.#told.length - MAX_KNOWN) : 0;
    for (const [index, { text, id }] of list.entries()) {
      const bare = bares[index] ?? '';
      if (bare === '') continue;
      const next = this.#tell({ text, bare, id }, from, isAlone);
      fresh += next.fresh;
      from = next.from;
    }
    return fresh;
  }

  /** The last text of a stream: its last piece, or the whole. */
  last(text: string): string {
    if (this.#length > MAX_COMPARED) return this.#say(text);
    const open = this.#bare();
    const isWhole = open === '' ? text.trim() === '' : squeeze(text).startsWith(open);
    return isWhole ? this.messages([{ text }]) : this.piece(text, 'last');
  }

  /** Text that was held back, when nothing more comes. The same text once more, behind its pieces and before the end, was the whole. */
  end(): string {
    const held = this.#held;
    this.#held = undefined;
    return held?.as === 'growth' ? this.#say(held.text.slice(this.#length)) : '';
  }

  #say(text: string): string {
    this.#length += text.length;
    if (this.#length <= MAX_COMPARED) this.#latest.add(text);
    return text;
  }

  /** The pieces that no message has repeated, squeezed. */
  #bare(): string {
    const latest = this.#latest.take();
    this.#open += latest;
    this.#openBare += squeeze(latest);
    return this.#openBare;
  }

  /** A text at least as long as all that was said may be just that. */
  #heldBack(text: string, source: string): Held | undefined {
    if (this.#pieces === 0 || text.length < this.#length) return undefined;
    this.#bare();
    const all = this.#told.map((message) => message.text).join('') + this.#open;
    // A model's first piece may be a blank, and so may be the beginning of its second.
    if (!text.startsWith(all) || (source === DELTA && all.trim() === '')) return undefined;
    if (text.length > all.length) return isRepetition(text, all) ? undefined : { text, as: 'growth' };
    return this.#pieces > 1 && !isRepetition(text, text.slice(0, 1)) ? { text, as: 'repeat' } : undefined;
  }

  /** The next text tells what the one before it was. */
  #settle(held: Held, text: string, source: string): string {
    this.#held = undefined;
    if (held.as === 'repeat' || !text.startsWith(held.text)) return this.#say(held.text) + this.piece(text, source);
    this.#grown = text;
    return this.#say(text.slice(this.#length));
  }

  /** Messages tell it as well. @returns what was held back, unless a message has it */
  #judge(bares: readonly string[]): string {
    const held = this.#held;
    this.#held = undefined;
    if (!held) return '';
    const open = this.#bare();
    const isGrowth = held.as === 'growth';
    if (isGrowth && bares.some((bare) => bare.startsWith(squeeze(held.text)))) this.#grown = held.text;
    else if (open !== '' && bares.some((bare) => bare.startsWith(open))) return '';
    return this.#say(isGrowth ? held.text.slice(this.#length) : held.text);
  }

  #grow(text: string, before: string): string {
    const isNext = text.startsWith(before);
    const bare = isNext ? '' : squeeze(text);
    if (before.startsWith(text) || this.#told.some((message) => message.bare === bare)) return '';
    this.#grown = text;
    return this.#say(isNext ? text.slice(before.length) : text);
  }

  /**
   * @param from the first message that may be this one
   * @param isAlone it is not one of a list: then it is rather its pieces that it repeats than an earlier message
   * @returns what is new of the message, and where the next one is looked for
   */
  #tell(message: Told, from: number, isAlone: boolean): Finding {
    const { bare, id } = message;
    const at = this.#bare().indexOf(bare);
    const next = isAlone && at !== -1 ? undefined : this.#tellKnown(message, from);
    if (next) return next;
    // The result of a run repeats the end of its last message.
    const isEnd = isAlone && id === undefined && this.#told.at(-1)?.bare.endsWith(bare) === true;
    const fresh = at !== -1 || isEnd ? '' : message.text;
    if (at !== -1) this.#take(at, bare.length);
    if (!isEnd) this.#told.push(message);
    this.#length += fresh.length;
    return { fresh, from: this.#told.length };
  }

  #tellKnown(message: Told, from: number): Finding | undefined {
    for (let first = from; first <= this.#told.length; first += 1) {
      const next = this.#tellFrom(first, message);
      if (next) return next;
    }
    return undefined;
  }

  /** Whether a message is an earlier one, or consists of some, or goes on behind the last of them and the pieces. */
  #tellFrom(first: number, { text, bare, id }: Told): Finding | undefined {
    let at = first;
    let said = 0;
    for (let one = this.#told[at]; one && said < bare.length; one = this.#told[at]) {
      if ((one.id ?? id) !== (id ?? one.id) || !bare.startsWith(one.bare, said)) return undefined;
      said += one.bare.length;
      at += 1;
    }
    const last = at > first ? this.#told[at - 1] : undefined;
    const isEnd = last !== undefined && at === this.#told.length && this.#openBare === '' && last.id === id;
    const isKnown = said === bare.length && !(isEnd && text.length > last.text.length && text.startsWith(last.text));
    if (isKnown) {
      if (last && at === first + 1) this.#told[first] = { ...last, id: last.id ?? id };
      return { fresh: '', from: at };
    }
    if (!isEnd && (this.#openBare === '' || !bare.startsWith(this.#openBare, said))) return undefined;
    const before = [...this.#told.splice(first).map((one) => one.text), this.#open].join('');
    const fresh = goingOn(text, before, said + this.#openBare.length);
    this.#take(0, this.#openBare.length);
    this.#told.push({ text, bare, id });
    this.#length += fresh.length;
    return { fresh, from: this.#told.length };
  }

  /** Takes these characters, white space not counted, out of the pieces. */
  #take(start: number, count: number): void {
    const isAll = start + count === this.#openBare.length;
    this.#open =
      this.#open.slice(0, indexBehind(this.#open, start)) +
      (isAll ? '' : this.#open.slice(indexBehind(this.#open, start + count)));
    this.#openBare = this.#openBare.slice(0, start) + this.#openBare.slice(start + count);
  }
}

/** The rest of a text whose beginning was said before: the first `count` characters other than white space are the same. */
function goingOn(text: string, said: string, count: number): string {
  if (text.startsWith(said)) return text.slice(said.length);
  const rest = text.slice(indexBehind(text, count));
  return /\s$/.test(said) ? rest.trimStart() : rest;
}

/** Where in a text its first `count` characters end that are not white space. */
function indexBehind(text: string, count: number): number {
  let at = 0;
  for (let seen = 0; seen < count && at < text.length; at += 1) {
    if (!/\s/.test(text[at] ?? '')) seen += 1;
  }
  return at;
}

/** Whether a text is this unit over and over ("hahaha"): then it is as likely a piece as the whole so far. */
function isRepetition(text: string, unit: string): boolean {
  return text.length % unit.length === 0 && unit.repeat(text.length / unit.length) === text;
}

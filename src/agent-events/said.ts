/** Longest answer that is compared with what comes later, in characters. */
const MAX_COMPARED = 2_000_000;
const MAX_WHOLES = 100;

/** White space differs between the pieces of a text and the whole of it: frameworks trim, join with line ends, add blanks. */
const squeeze = (text: string): string => text.replace(/\s+/g, '');

/**
 * Remembers what one stream has said, so that no text comes out twice. Frameworks send an answer in pieces, then whole in another
 * event, then in the list of all messages; some send with each event all of the text so far.
 *
 * All methods take a text and return what of it is new.
 */
export class Said {
  #length = 0;
  #text = '';
  /** Pieces that no whole message has repeated yet: these, and the text from here on. */
  #rest = '';
  #restFrom = 0;
  /** Whole messages, squeezed, with their ids. */
  readonly #wholes = new Map<string, string | undefined>();
  #lastWhole: { readonly text: string; readonly id: string | undefined } | undefined;
  /** Text of plain objects: where pieces of it come from, and what is held back until the next event tells what it is. */
  #pieceSources: string[] = [];
  #wholeSources = new Set<string>();
  #pieces = 0;
  #held: { readonly text: string; readonly as: 'growth' | 'repeat' } | undefined;
  /** The text so far, in a stream that sends all of it with each event. */
  #grown: string | undefined;
  /** Source of the last text, when it was a piece. */
  #steady: string | undefined;

  /** No text has come. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** A piece, of a kind that is known to come in pieces. */
  piece(text: string): string {
    this.#length += text.length;
    if (this.#length <= MAX_COMPARED) this.#text += text;
    return text;
  }

  /**
   * A text of an object without a framework: a piece, or all of the text so far, or the whole after its pieces. Where only the next
   * event can tell, it is held back.
   * @param source where in the event the text stood
   */
  plain(text: string, source: string): string {
    if (text === '') return '';
    if (source === this.#steady && text.length < this.#length) return this.piece(text);
    this.#steady = undefined;
    if (this.#grown !== undefined) return this.#grow(text);
    if (this.#held) return this.#settle(this.#held, text, source);
    if (this.#wholeSources.has(source)) return this.whole(text);
    if (this.#length > 0 && !this.#pieceSources.includes(source)) {
      if (this.#length <= MAX_COMPARED && squeeze(text) !== '' && squeeze(text) === squeeze(this.#pending)) {
        this.#wholeSources.add(source);
        return this.whole(text);
      }
    } else if (this.#pieces > 0 && text.length >= this.#length) {
      const all = this.#text;
      if (text.length > all.length && text.startsWith(all) && !isRepetition(text, all)) return this.#hold(text, 'growth');
      if (this.#pieces > 1 && text === all && !isRepetition(text, text.slice(0, 1))) return this.#hold(text, 'repeat');
    }
    if (!this.#pieceSources.includes(source) && this.#pieceSources.length < MAX_WHOLES) this.#pieceSources.push(source);
    this.#pieces += 1;
    this.#steady = source;
    return this.piece(text);
  }

  /**
   * The whole text of a message.
   * @param id of the message: equal texts with different ids are different messages
   */
  whole(text: string, id?: string): string {
    const whole = squeeze(text);
    if (whole === '' || this.#length > MAX_COMPARED) return '';
    this.#steady = undefined;
    const held = this.#held;
    this.#held = undefined;
    if (held?.as === 'growth' && squeeze(held.text) === whole) {
      this.#grown = held.text;
      return this.piece(held.text.slice(this.#text.length)) + this.whole(text, id);
    }
    if (held && !whole.startsWith(squeeze(this.#pending))) {
      return this.piece(held.as === 'growth' ? held.text.slice(this.#text.length) : held.text) + this.whole(text, id);
    }
    const last = this.#lastWhole;
    // A message that grows from event to event.
    if (last && text.length >= last.text.length && text.startsWith(last.text) && this.#pending === '' && last.id === id) {
      return this.#add(text, id, text.slice(last.text.length));
    }
    const pending = squeeze(this.#pending);
    if (pending !== '') {
      const at = pending.indexOf(whole);
      if (at !== -1) {
        this.#settlePending(pending.slice(0, at) + pending.slice(at + whole.length));
        this.#remember(text, whole, id);
        return '';
      }
      if (whole.startsWith(pending)) return this.#add(text, id, this.#continue(text, pending.length));
    }
    if (this.#wholes.has(whole)) {
      const known = this.#wholes.get(whole);
      if (id === undefined || known === undefined || known === id) return '';
    }
    if (id === undefined && squeeze(this.#text).endsWith(whole)) return '';
    return this.#add(text, id, text);
  }

  /** The last text of a stream: its last piece, or the whole. */
  last(text: string): string {
    const whole = squeeze(text);
    const pending = squeeze(this.#pending);
    if (this.#length > MAX_COMPARED) return this.piece(text);
    if (whole === pending || (pending !== '' && whole.startsWith(pending))) return this.whole(text);
    return this.plain(text, 'last');
  }

  /** The texts of all messages that answer the last question, in order: what was said of them before is passed over. */
  transcript(texts: readonly string[]): string {
    if (this.#length > MAX_COMPARED) return '';
    const said = squeeze(this.#text);
    let at = 0;
    let fresh = '';
    for (const text of texts) {
      const whole = squeeze(text);
      if (whole === '') continue;
      const rest = said.slice(at);
      const found = said.indexOf(whole, at);
      const last = this.#lastWhole?.text ?? '';
      if (last !== '' && rest === squeeze(last) && text.length > last.length && text.startsWith(last)) {
        fresh += this.#add(text, undefined, text.slice(last.length));
        at = said.length;
      } else if (found !== -1) {
        at = found + whole.length;
        this.#remember(text, whole, undefined);
      } else if (rest !== '' && fresh === '' && whole.startsWith(rest)) {
        fresh += this.#add(text, undefined, this.#continue(text, rest.length));
        at = said.length;
      } else {
        fresh += this.#add(text, undefined, text);
      }
    }
    if (fresh === '') this.#settlePending('');
    return fresh;
  }

  /** Text that was held back, when nothing more comes. */
  end(): string {
    const held = this.#held;
    this.#held = undefined;
    // The same text once more, behind its pieces and before the end, was the whole.
    if (held?.as !== 'growth') return '';
    return this.piece(held.text.slice(this.#text.length));
  }

  get #pending(): string {
    return this.#rest + this.#text.slice(this.#restFrom);
  }

  #settlePending(rest: string): void {
    this.#rest = rest;
    this.#restFrom = this.#text.length;
  }

  #hold(text: string, as: 'growth' | 'repeat'): string {
    this.#held = { text, as };
    return '';
  }

  /** The next text tells what the one before it was. */
  #settle(held: { readonly text: string; readonly as: 'growth' | 'repeat' }, text: string, source: string): string {
    this.#held = undefined;
    const isGrowth = held.as === 'growth' && text.length >= held.text.length && text.startsWith(held.text);
    if (!isGrowth) return this.piece(held.text) + this.plain(text, source);
    this.#grown = text;
    return this.piece(text.slice(this.#text.length));
  }

  #grow(text: string): string {
    const before = this.#grown ?? '';
    if (before.startsWith(text)) return '';
    if (!text.startsWith(before) && this.#wholes.has(squeeze(text))) return '';
    this.#grown = text;
    return this.piece(text.startsWith(before) ? text.slice(before.length) : text);
  }

  #add(text: string, id: string | undefined, fresh: string): string {
    this.#remember(text, squeeze(text), id, fresh);
    this.#length += fresh.length;
    if (this.#length <= MAX_COMPARED) this.#text += fresh;
    this.#settlePending('');
    return fresh;
  }

  /** The text behind its first `count` characters that are not white space, without white space that was said already. */
  #continue(text: string, count: number): string {
    if (this.#pending !== '' && text.startsWith(this.#pending)) return text.slice(this.#pending.length);
    let at = 0;
    for (let seen = 0; seen < count && at < text.length; at += 1) {
      if (!/\s/.test(text[at] ?? '')) seen += 1;
    }
    const rest = text.slice(at);
    return /\s$/.test(this.#text) ? rest.trimStart() : rest;
  }

  #remember(text: string, whole: string, id: string | undefined, fresh = ''): void {
    // Among texts that differ in white space alone, the one that was said counts.
    if (squeeze(this.#lastWhole?.text ?? '') !== whole || fresh !== '') this.#lastWhole = { text, id };
    if (this.#wholes.size < MAX_WHOLES) this.#wholes.set(whole, id);
  }
}

/** Whether a text is this unit over and over ("hahaha"): then it is as likely a piece as the whole so far. */
function isRepetition(text: string, unit: string): boolean {
  return text.length % unit.length === 0 && unit.repeat(text.length / unit.length) === text;
}

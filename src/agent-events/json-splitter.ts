export type JsonPiece =
  /** The text between two brackets or quotes that belong together: JSON, unless it is broken inside. */
  | { readonly type: 'value'; readonly text: string }
  /** A line that begins with none of them, or breaks off within a string. */
  | { readonly type: 'line'; readonly text: string }
  /** In place of a value longer than the bound. */
  | { readonly type: 'too-long'; readonly maxLength: number };

/** More than a model writes in a turn. */
const MAX_VALUE_LENGTH = 8_388_608;

/** Begins a value in a JSON text sequence (RFC 7464). */
const RECORD_SEPARATOR = '\u001e';

/** Splits a text into JSON values that follow each other, with or without line ends between them. */
export class JsonSplitter {
  readonly #maxLength: number;
  #kept = '';
  #lost = false;
  #is: 'nothing' | 'value' | 'line' = 'nothing';
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @param maxLength most of one value that is kept, in characters */
  constructor(maxLength = MAX_VALUE_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** @returns the pieces that this text completed */
  push(text: string): readonly JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (this.#is === 'nothing') from = at;
      const type = this.#endsPiece(text.charAt(at));
      if (!type) continue;
      this.#keep(text.slice(from, type === 'value' ? at + 1 : at));
      pieces.push(this.#take(type));
      from = at + 1;
    }
    if (this.#is !== 'nothing') this.#keep(text.slice(from));
    return pieces;
  }

  /** @returns what has begun and was not completed */
  end(): JsonPiece | undefined {
    return this.#is === 'nothing' ? undefined : this.#take(this.#is);
  }

  /** Takes the next character. @returns what it ends */
  #endsPiece(character: string): 'value' | 'line' | undefined {
    if (this.#is === 'nothing') {
      if (character === RECORD_SEPARATOR || character.trim() === '') return undefined;
      this.#is = '{["'.includes(character) ? 'value' : 'line';
    } else if (character === '\n' && (this.#is === 'line' || this.#inString)) {
      // A line end within a string is no JSON: the value was broken off, and another one begins.
      return 'line';
    }
    return this.#is === 'value' && this.#closes(character) ? 'value' : undefined;
  }

  #closes(character: string): boolean {
    if (this.#inString) {
      const isEnd = character === '"' && !this.#escaped;
      this.#escaped = character === '\\' && !this.#escaped;
      this.#inString = !isEnd;
      return isEnd && this.#depth === 0;
    }
    if (character === '"') this.#inString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') {
      this.#depth -= 1;
      return this.#depth <= 0;
    }
    return false;
  }

  #keep(text: string): void {
    this.#lost ||= this.#kept.length + text.length > this.#maxLength;
    this.#kept = this.#lost ? '' : this.#kept + text;
  }

  #take(type: 'value' | 'line'): JsonPiece {
    const piece: JsonPiece = this.#lost
      ? { type: 'too-long', maxLength: this.#maxLength }
      : { type, text: this.#kept.replace(/\r$/, '') };
    this.#kept = '';
    this.#lost = false;
    this.#is = 'nothing';
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    return piece;
  }
}

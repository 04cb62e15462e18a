/** Longest text that is tried, in characters. */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 60;
/** A literal, an object's name with its arguments, or the members that pydantic's `str()` prints without a name. */
const START = /^(?:[{[(]|b(?:'.{4,}'|".{4,}")$|[A-Za-z_][\w.]*\(|<(?:[\w.]+ )+at 0x|[a-z_]\w*=['"[{<(\dA-Z])/;
const NAME = /[A-Za-z_][\w.]*/y;
const NUMBER = /[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?j?/iy;
const STRING = /([rbfu]{0,2})('''|"""|'|")/iy;
const SPACE = /\s*/y;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|(.))/gs;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '', a: '\x07', b: '\b', f: '\f', v: '\v' };

/**
 * Reads the text that Python prints for an object (`repr`, `str`). AgentCore's Python SDK sends it for an event that JSON cannot hold
 * (`_safe_serialize_to_json_string`), and `yield f"data: {event}"` always does. Dicts become objects, lists and tuples arrays, `bytes`
 * their text, and `Name(a=1)` an object whose `@class` is the name; what has no literal (`<Agent at 0x7f>`) becomes undefined.
 * @returns the value, `certain` when no person or model would write such a text; undefined when the whole text is none
 */
export function parsePythonRepr(text: string) {
  if (text.length > MAX_LENGTH || !START.test(text)) return undefined;
  const parser = new Parser(text);
  try {
    const value = parser.parse();
    return { value, certain: parser.certain };
  } catch (error) {
    if (error instanceof NoRepr) return undefined;
    throw error;
  }
}

class NoRepr extends Error {}

class Parser {
  readonly #text: string;
  #at = 0;
  /** Seen what only Python prints. */
  certain = false;

  constructor(text: string) {
    this.#text = text.trim();
  }

  parse(): unknown {
    // `content='Two ' id='run-1'`: members without a name around them.
    const isBare = /^[a-z_]\w*=/.test(this.#text);
    const printed = isBare ? this.#members(undefined, '') : this.#value(0);
    // The text of `bytes` counts; an object without a literal (`<generator object f at 0x7f>`) says nothing.
    const value = this.#text.startsWith('b') && typeof printed === 'string' ? { text: printed } : (printed ?? {});
    if (isBare) this.certain = true;
    if (this.#at < this.#text.length || !isLikely(value, isBare)) throw new NoRepr();
    return value;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NoRepr();
    this.#skip();
    const character = this.#text[this.#at];
    if (character === '{') return this.#braces(depth);
    if (character === '[') return this.#list(']', depth);
    if (character === '(') return this.#list(')', depth);
    if (character === '<') return this.#opaque();
    const string = this.#match(STRING);
    if (string) return this.#string(string[1] ?? '', string[2] ?? '');
    const number = this.#match(NUMBER);
    if (number && number[0] !== '') return Number(number[0].replaceAll('_', ''));
    const name = this.#match(NAME)?.[0];
    if (name === undefined) throw new NoRepr();
    if (this.#take('(')) {
      this.certain = true;
      return this.#members(')', name, depth + 1);
    }
    // `datetime.timezone.utc`
    if (name.includes('.')) return undefined;
    if (!CONSTANTS.has(name)) throw new NoRepr();
    this.certain = true;
    return CONSTANTS.get(name);
  }

  /** A dict, or a set. */
  #braces(depth: number): unknown {
    this.#at += 1;
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const list: unknown[] = [];
    while (!this.#take('}')) {
      const start = this.#at;
      const key = this.#value(depth + 1);
      // A tuple may be a key as well: as it is written, since JSON within JSON doubles with each level.
      const name = typeof key === 'string' ? key : this.#text.slice(start, this.#at).trim();
      if (this.#take(':')) object[name] = this.#value(depth + 1);
      else list.push(key);
      if (!this.#take(',') && this.#text[this.#at] !== '}') throw new NoRepr();
    }
    return list.length > 0 ? list : object;
  }

  #list(end: string, depth: number): unknown[] {
    this.#at += 1;
    const list: unknown[] = [];
    while (!this.#take(end)) {
      list.push(this.#value(depth + 1));
      if (!this.#take(',') && this.#text[this.#at] !== end) throw new NoRepr();
    }
    return list;
  }

  /** Arguments up to a closing bracket, or to the end of the text, where blanks part them. */
  #members(end: ')' | undefined, name: string, depth = 0): unknown {
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const list: unknown[] = [];
    const isOver = (): boolean => (end === undefined ? this.#skip() >= this.#text.length : this.#take(end));
    while (!isOver()) {
      const start = this.#at;
      const member = this.#match(NAME)?.[0];
      if (member !== undefined && this.#take('=')) {
        object[member] = this.#value(depth + 1);
      } else {
        this.#at = start;
        list.push(this.#value(depth + 1));
      }
      if (end !== undefined && !this.#take(',') && this.#text[this.#at] !== end) throw new NoRepr();
    }
    if (/(?:Error|Exception)$/.test(name)) return Object.assign(object, { '@class': name, message: list[0] ?? name });
    if (Object.keys(object).length === 0 && list.length > 0) return list.length === 1 ? list[0] : list;
    return name === '' ? object : Object.assign(object, { '@class': name });
  }

  /** `<strands.agent.agent.Agent object at 0x7f>`, `<Status.DONE: 'done'>`. */
  #opaque(): undefined {
    this.certain = true;
    let open = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at];
      if (character === '<') open += 1;
      else if (character === '>') open -= 1;
      if (open > 0) continue;
      this.#at += 1;
      return undefined;
    }
    throw new NoRepr();
  }

  #string(prefix: string, quote: string): string {
    const start = this.#at;
    const isRaw = /r/i.test(prefix);
    for (; !this.#text.startsWith(quote, this.#at); this.#at += 1) {
      if (this.#at >= this.#text.length) throw new NoRepr();
      if (this.#text[this.#at] === '\\') this.#at += 1;
    }
    const inner = this.#text.slice(start, this.#at);
    this.#at += quote.length;
    const text = isRaw ? inner : unescape(inner);
    if (!/b/i.test(prefix)) return text;
    this.certain = true;
    return Buffer.from(text, 'latin1').toString();
  }

  #skip(): number {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
    return this.#at;
  }

  #take(character: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found ?? undefined;
  }
}

/** A person writes `f(a=1)` and `x=5` too: a class has a capital letter, an object printed without its name several members. */
function isLikely(value: unknown, isBare: boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isBare) return Object.keys(value).length > 1;
  const name = '@class' in value ? String(value['@class']) : undefined;
  return name === undefined || /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1));
}

const CONSTANTS = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  // Time zones and numpy's arrays print these names.
  ...['UTC', 'float16', 'float32', 'float64', 'int32', 'int64', 'uint8'].map((name) => [name, null] as const),
]);

/** A Python string literal's text (Python language reference, "Escape sequences"). */
function unescape(literal: string): string {
  return literal.replace(ESCAPE, (_all, x?: string, u?: string, U?: string, octal?: string, one?: string) => {
    const code = x ?? u ?? U;
    if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10_ff_ff));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    return CONTROL[one ?? ''] ?? one ?? '';
  });
}

/** Data of one event: a JSON value, or text that is none. */
export type StreamValue = { readonly type: 'json'; readonly value: unknown } | { readonly type: 'text' };

/**
 * Reads an event's data. Numbers, `true` and `false` stay text: what they stand for and how they look are the same, and a raw
 * stream's `5.0` must not become `5`.
 */
export function parseStreamValue(data: string): StreamValue {
  const first = data.charCodeAt(0);
  if (first === QUOTE || first === BRACE || first === BRACKET) return tryParse(data);
  if (data === 'null') return { type: 'json', value: null };
  // JSON may follow white space. Text may begin with a space as well, so only objects and arrays are tried.
  return /^\s+[{[]/.test(data) ? tryParse(data) : TEXT;
}

/** The values of a text that consists of lines of JSON; undefined when it does not, or has one line only. */
export function parseJsonLines(text: string): readonly unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parseStreamValue).flatMap((line) => (line.type === 'json' ? [line.value] : []));
  return values.length > 1 && values.length === lines.length ? values : undefined;
}

const QUOTE = 0x22;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const TEXT = { type: 'text' } as const;

function tryParse(data: string): StreamValue {
  const value = parseJson(data);
  return value === undefined ? TEXT : { type: 'json', value };
}

/** @returns undefined when it is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The members of a JSON object; none for any other text. */
export function parseMembers(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object, and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a list has an object in it, or in a list of its own: LangGraph sends `[["agent:1"], [message, metadata]]`. */
export function holdsObject(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => isJsonObject(item) || (Array.isArray(item) && item.some(isJsonObject)));
}

/** Most of a value that is shown to a person, in characters. */
const MAX_SHOWN = 2_000;

/**
 * A value as JSON text, for a person: cut when it is long. `JSON.parse` reads what is nested thousands of levels deep,
 * `JSON.stringify` overflows the stack on it.
 */
export function jsonText(value: unknown): string {
  if (isDeep(value)) return 'JSON that is nested too deeply to be shown';
  return (JSON.stringify(value) ?? String(value)).slice(0, MAX_SHOWN);
}

/** Whether stringifying may end the process on some Node.js: newer ones take any depth, and nobody reads it. */
function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth < MAX_SHOWN_DEPTH && level.length > 0; depth += 1)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  return level.length > 0;
}

const MAX_SHOWN_DEPTH = 1_000;

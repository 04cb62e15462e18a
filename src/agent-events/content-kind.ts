import { holdsObject, isJsonObject, parseStreamValue } from './json-value.ts';

/** The form of an answer by its Content-Type. */
export type Label = 'events' | 'json-lines' | 'json' | 'text';

/** The real form of an answer. `text-lines`: text where an event stream was announced, perhaps with comments of the function in it. */
export type Kind = 'events' | 'json' | 'text' | 'text-lines';

/** @param contentType as the answer's header has it; empty when there was none */
export function labelOf(contentType: string): Label {
  if (/^\s*text\/event-stream\b/i.test(contentType)) return 'events';
  if (/\b(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq)\b/i.test(contentType)) return 'json-lines';
  return /^\s*text\//i.test(contentType) && !/json/i.test(contentType) ? 'text' : 'json';
}

/** The lines that may stand before the first `data:` of an event stream. */
const LEAD = /^(?:[\r\n]|(?::|(?:event|id|retry):)[^\r\n]*[\r\n]|[a-z]+:[\r\n])*/;
/** A field that the standard does not have and a client ignores, without a value: Flowise writes `message:` before each event. */
export const EMPTY_FIELD = /^[a-z]+:$/;
const FIELDS = ['data:', 'event:', 'id:', 'retry:'];

/**
 * Looks at the beginning of an answer: agents announce one form and send another.
 * @param isEnd no more will come
 * @returns undefined while more of it has to be seen
 */
export function kindOf(label: Label, beginning: string, isEnd: boolean): Kind | undefined {
  const start = beginning.trimStart();
  if (start === '') return undefined;
  if (label === 'json-lines' && !couldBe(start, FIELDS)) return 'json';
  const lead = LEAD.exec(start)?.[0].length ?? 0;
  const field = start.slice(lead);
  if (field.startsWith('data:') || (label === 'events' && FIELDS.some((each) => start.startsWith(each)))) return 'events';
  // Prose may begin with "event:" or ":" as well: only a line of data settles it.
  const mayBeEvents =
    field === '' || (label === 'events' && /^[a-z]+:?$/.test(field)) || field.startsWith(':') || couldBe(field, FIELDS);
  if (!isEnd && mayBeEvents) return undefined;
  if (label === 'json-lines') return 'json';
  if (label === 'json') return jsonOrText(start, isEnd);
  return looksLikeJson(start, isEnd, label === 'events');
}

/** Whether a text is the beginning of one of these, or begins with one. */
function couldBe(text: string, words: readonly string[]): boolean {
  return words.some((word) => word.startsWith(text) || text.startsWith(word));
}

function jsonOrText(start: string, isEnd: boolean): Kind | undefined {
  if ('{["\u001e'.includes(start.charAt(0))) return 'json';
  // A Python handler that returns nothing sends `null`.
  if (start.trimEnd() === 'null' && isEnd) return 'json';
  return !isEnd && 'null'.startsWith(start.trimEnd()) ? undefined : 'text';
}

/** The first line of AI SDK 4's data stream, which comes as text/plain: `f:{"messageId":"..."}`, `0:"Two "`. */
const DATA_LINES = ['f:{"messageId":"', '0:"'];

/** A line that is waited for, in characters. */
const LONGEST_LINE = 1_048_576;

/** Under another name only what cannot be anything else is JSON: objects, and the first line of an object on several. */
function looksLikeJson(start: string, isEnd: boolean, isAnnouncedAsEvents: boolean): Kind | undefined {
  const text = isAnnouncedAsEvents ? 'text-lines' : 'text';
  const isQuoted = isAnnouncedAsEvents && start.startsWith('"');
  const [opening, next = ''] = /^([{[])\s*([^\s])?/.exec(start)?.slice(1) ?? [];
  if (DATA_LINES.some((line) => start.startsWith(line))) return 'json';
  if (couldBe(start, DATA_LINES) && !isEnd) return undefined;
  if (!isQuoted) {
    if (opening === undefined) return text;
    if (next === '' && !isEnd) return undefined;
    if (!(opening === '{' ? '"}' : '{["]').includes(next) || next === '') return text;
  }
  const lineEnd = start.indexOf('\n');
  if (lineEnd === -1 && !isEnd) return start.length > LONGEST_LINE ? 'json' : undefined;
  const line = (lineEnd === -1 ? start : start.slice(0, lineEnd)).trim();
  if (['{', '[', '[{'].includes(line)) return 'json';
  return line.split(/(?<=\})(?=\{)/).every((part) => isTelling(part, isAnnouncedAsEvents)) ? 'json' : text;
}

function isTelling(line: string, takesStrings: boolean): boolean {
  const parsed = parseStreamValue(line);
  if (parsed.type === 'text') return false;
  const { value } = parsed;
  return isJsonObject(value) || (takesStrings ? typeof value === 'string' : holdsObject(value));
}

import { finishIn, usageIn } from './facts.ts';
import { holdsObject, isJsonObject, jsonText, parseJson, parseJsonLines } from './json-value.ts';
import { membersOf } from './members.ts';
import { parsePythonRepr } from './python-repr.ts';
import type { Reading } from './shape.ts';

/** An event that an agent has written into a text, where a client expects text of the answer. */
export type Wrapped =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'sse'; readonly text: string }
  | { readonly type: 'data-line'; readonly code: string; readonly value: unknown }
  /** A printed Python object. `certain`: not text, even if nothing in it is understood. */
  | { readonly type: 'printed'; readonly value: unknown; readonly certain: boolean };

const SIGNS = /[{[(<:='"]/;

/** Without one of these signs a text is only text: most are. */
export function mayWrap(text: string): boolean {
  return SIGNS.test(text) || text === 'None';
}

const SSE_FIELD = /^(?:data|event|id|retry):/;
/** Text that only looks like a field continues neither with JSON nor with a line end. */
const SSE_DATA = /^data: ?(?:[{["]|\[DONE\]|.*\n$)/s;
/** AI SDK 4, "Data stream protocol": a letter or digit for the kind, then JSON of the type that this kind has. */
const DATA_LINE = /^([0g](?=:")|3(?=:["{])|[28](?=:\[)|[9a-fh-k](?=:\{)):(.*)$/s;

/** The text of a result of the OpenAI Agents SDK for Python (`src/agents/util/_pretty_print.py`), with the answer in it. */
const RUN_RESULT = /^RunResult(?:Streaming)?:\n(?:- .*\n)+?- Final output \(\w+\):\n((?: {4}.*\n)*)- \d+ new item/;

/**
 * `yield json.dumps(event)` and `yield f"data: {event}\n\n"` are common mistakes with frameworks that write the event themselves: the
 * client gets JSON, or an event stream, within a JSON string; or what Python prints for an object.
 * @returns undefined when the text is an ordinary one
 */
export function unwrap(text: string): Wrapped | undefined {
  if (!mayWrap(text)) return undefined;
  const first = text.trimStart()[0] ?? '';
  if (first === '{' || first === '[') {
    const value = parseJson(text);
    if (isJsonObject(value) || holdsObject(value)) return { type: 'value', value };
    const lines = first === '{' ? parseJsonLines(text) : undefined;
    if (lines) return { type: 'value', value: lines };
  }
  if (text.startsWith('"')) {
    const value = parseJson(text);
    const inner = typeof value === 'string' ? unwrap(value) : undefined;
    if (inner) return inner;
  }
  if (SSE_FIELD.test(text) && (text.endsWith('\n') || SSE_DATA.test(text))) return { type: 'sse', text };
  const [, code, json] = DATA_LINE.exec(text) ?? [];
  if (code !== undefined && json !== undefined) {
    const value = parseJson(json);
    if (value !== undefined) return { type: 'data-line', code, value };
  }
  const [, output] = RUN_RESULT.exec(text) ?? [];
  if (output !== undefined) return { type: 'value', value: { final_output: output.replace(/^ {4}/gm, '').trimEnd() } };
  const printed = parsePythonRepr(text);
  return printed && { type: 'printed', ...printed };
}

/** An event whose empty line was left out is whole; a name alone waits for its data. */
export function closed(text: string): string {
  return /^data:/m.test(text) && !/\n\r?\n$/.test(text) ? `${text}\n\n` : text;
}

/** Reads a line of AI SDK 4's data stream. */
export function readDataLine(code: string, value: unknown): readonly Reading[] | undefined {
  switch (code) {
    case '0':
      return typeof value === 'string' ? [{ type: 'text-delta', text: value }] : undefined;
    case '3':
      return [{ type: 'error', message: typeof value === 'string' ? value : jsonText(value) }];
    case 'g':
      return typeof value === 'string' ? [{ type: 'reasoning-delta', text: value }] : undefined;
    case 'd': {
      const members = membersOf(isJsonObject(value) ? value : {});
      return [...usageIn(members), finishIn(members) ?? { type: 'finish' }];
    }
    default:
      return [];
  }
}

import { parseJson } from './json-value.ts';
import type { Reading } from './shape.ts';
import { mayWrap } from './wrapped.ts';

/**
 * Events of one stream mostly differ in one text alone. What stands around it is compared as it came, not parsed and looked through
 * again: `npm run bench:receive`.
 */
export interface Frame {
  readonly event: string;
  /** The data before and after the JSON string with the text; undefined when the data is the text itself. */
  readonly json: { readonly before: string; readonly after: string } | undefined;
  readonly reading: Reading & { readonly type: 'text-delta' | 'plain' };
}

/** Members whose text is more than text: the event's name, base64. */
const SPECIAL = /"[\W_]*(?:event|bytes)[\W_]*"\s*:\s*$/i;

/**
 * @param isRaw text is not written as JSON in this stream
 * @returns undefined when the data does more than say one text, or when it cannot be seen where
 */
export function frameOf(event: string, data: string, readings: readonly Reading[], isRaw: boolean): Frame | undefined {
  const [reading] = readings;
  if (readings.length !== 1 || (reading?.type !== 'text-delta' && reading?.type !== 'plain')) return undefined;
  if (reading.text === data) return isRaw || event !== 'message' ? { event, json: undefined, reading } : undefined;
  const [before = '', after, ...more] = data.split(JSON.stringify(reading.text));
  if (after === undefined || more.length > 0 || SPECIAL.test(before)) return undefined;
  return { event, json: { before, after }, reading };
}

/** @returns the text of data that says no more than the frame's event did; undefined when it has to be read */
export function textWithin({ event, json }: Frame, item: { readonly event: string; readonly data: string }): string | undefined {
  const { data } = item;
  if (item.event !== event) return undefined;
  if (!json) return mayWrap(data) || data.includes('\n') || data === '' || data === 'null' ? undefined : data;
  const { before, after } = json;
  if (data.charCodeAt(before.length) !== QUOTE || !data.startsWith(before) || !data.endsWith(after)) return undefined;
  const text = parseJson(data.slice(before.length, data.length - after.length));
  return typeof text === 'string' && text !== '' && !mayWrap(text) ? text : undefined;
}

const QUOTE = 0x22;

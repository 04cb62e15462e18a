import { expect, test } from 'vitest';
import { createWrapper, wrapAsEvent } from '../../lambda/event-stream.ts';

const wrap = (heldBytes: number, ...parts: string[]): string => {
  const wrapper = wrapAsEvent(heldBytes);
  const pieces = [...parts.map((part) => wrapper.push(Buffer.from(part))), wrapper.end()];
  return Buffer.concat(pieces.filter((piece) => piece !== undefined)).toString('utf8');
};

test.each([
  ['{"a":1}', 'data: {"a":1}\n\n'],
  ['a\nb', 'data: a\ndata: b\n\n'],
  ['a\r\nb\rc\n', 'data: a\ndata: b\ndata: c\ndata: \n\n'],
  ['a\r', 'data: a\ndata: \n\n'],
  ['grüße', 'data: grüße\n\n'],
  ['', ''],
])('%j is the event %j, however long and however split', (text, event) => {
  for (const heldBytes of [0, 3, 1_000]) {
    expect(wrap(heldBytes, text)).toBe(event);
    expect(wrap(heldBytes, ...text.split(''))).toBe(event);
  }
});

test('keeps back what may still be short, and no more', () => {
  const wrapper = wrapAsEvent(10);
  expect(wrapper.push(Buffer.alloc(10, 'a'))).toBeUndefined();
  expect(String(wrapper.push(Buffer.from('b')))).toBe(`data: ${'a'.repeat(10)}b`);
  expect(String(wrapper.push(Buffer.from('c')))).toBe('c');
});

test.each([
  ['application/x-ndjson', '{"a":1}\r\n\n{"b":"ü"}\n{"c":3}', 'data: {"a":1}\n\ndata: {"b":"ü"}\n\ndata: {"c":3}\n\n'],
  ['application/json', '{"a":\n1}', 'data: {"a":\ndata: 1}\n\n'],
  ['text/plain', ' {"a":\n1}', 'data:  {"a":\ndata: 1}\n\n'],
  ['application/json', 'data: 1\n\n', undefined],
  ['application/json', '\ndata: 1\n\n', undefined],
  ['application/json', '  data: 1', 'data:   data: 1\n\n'],
  ['text/plain', '', ''],
])('an answer of type %s gets into an event stream: %j', (contentType, body, events) => {
  const bytes = Buffer.from(body);
  for (let at = 6; at <= bytes.length; at += 1) {
    const wrapper = createWrapper(contentType, bytes.subarray(0, at));
    const pieces = [wrapper?.push(bytes.subarray(0, at)), wrapper?.push(bytes.subarray(at)), wrapper?.end()];
    const text = Buffer.concat(pieces.filter((piece) => piece !== undefined)).toString('utf8');
    expect(wrapper && text).toBe(events);
  }
});

test('text is an event for each chunk, which cuts neither a character nor a CRLF', () => {
  const wrapper = createWrapper('text/plain', Buffer.from('One'));
  const bytes = Buffer.from('One\r\ntwo 🎈\n');
  const events = Array.from(bytes, (byte) => String(wrapper?.push(Uint8Array.of(byte)) ?? ''));
  expect(events.slice(0, 5)).toEqual(['data: O\n\n', 'data: n\n\n', 'data: e\n\n', '', 'data: \ndata: \n\n']);
  expect(events.slice(9)).toEqual(['', '', '', 'data: 🎈\n\n', 'data: \ndata: \n\n']);
  expect(wrapper?.end()).toBeUndefined();
});

test('bytes that are compressed are told: no event can carry them', () => {
  expect(() => createWrapper('application/json', Uint8Array.of(0x1f, 0x8b, 8))).toThrow('gzip');
});

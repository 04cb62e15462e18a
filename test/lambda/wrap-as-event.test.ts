import { expect, test } from 'vitest';
import { wrapAsEvent } from '../../lambda/event-stream.ts';

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

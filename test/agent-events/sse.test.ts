import { expect, test } from 'vitest';
import { createSseDecoder, type SseItem } from '../../src/agent-events/sse.ts';

const decode = (...parts: Uint8Array[]): SseItem[] => {
  const decoder = createSseDecoder();
  return parts.flatMap((part) => decoder.push(part));
};

test('decodes events and comments; an event that was never closed is none', () => {
  const bytes = Buffer.from(': c\n\nevent: probe\nid: 7\ndata: "grüße 🎈"\n\ndata: a\r\ndata: b\r\n\r\ndata: lost');
  const items = decode(bytes);
  expect(items).toEqual([
    { type: 'comment', text: expect.stringMatching(/^ ?c$/) },
    { type: 'event', event: 'probe', data: '"grüße 🎈"', id: '7' },
    { type: 'event', event: 'message', data: 'a\nb' },
  ]);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(decode(bytes.subarray(0, at), bytes.subarray(at))).toEqual(items);
  }
});

test('bytes that are no UTF-8 become replacement characters, split or not', () => {
  const bytes = Buffer.concat([
    Buffer.from('data: a'),
    Buffer.from([0xf0, 0x9f, 0x41, 0xff, 0xe2, 0x82]),
    Buffer.from('z\n\n'),
  ]);
  const items = decode(bytes);
  expect(items).toEqual([{ type: 'event', event: 'message', data: 'a\uFFFDA\uFFFD\uFFFDz' }]);
  expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(items);
});

test('drops a byte order mark, however it is split', () => {
  const bytes = Buffer.from('\uFEFFdata: a\n\ndata: \uFEFF\n\n');
  const items = [
    { type: 'event', event: 'message', data: 'a' },
    { type: 'event', event: 'message', data: '\uFEFF' },
  ];
  expect(decode(bytes)).toEqual(items);
  expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(items);
});

test('a CR ends a line at once, and the LF of a CRLF that was split is no other line end', () => {
  const decoder = createSseDecoder();
  expect(decoder.push(Buffer.from('data: 1\r\r'))).toEqual([{ type: 'event', event: 'message', data: '1' }]);
  expect(decoder.push(Buffer.from('\ndata: 2\r'))).toEqual([]);
  expect(decoder.push(Buffer.from('\n'))).toEqual([]);
  expect(decoder.push(Buffer.from('data: 3\r\n\r'))).toEqual([{ type: 'event', event: 'message', data: '2\n3' }]);
  expect(decoder.push(Buffer.from('\n'))).toEqual([]);
});

test.each([
  ['begins with a byte order mark that was encoded twice', '\u00EF\u00BB\u00BFdata: 1\n\ndata: 2\n\n', ['2']],
  ['has comments that end with one line end', ':\ndata: 1\n\n:\n: x\nevent: e\n: y\ndata: 2\n:\n\n:\n', ['1', '2']],
  ['mixes line ends', 'data: 1\rdata: 2\r\n\rdata: 3\n\r\n:\rdata: 4\r\r', ['1\n2', '3', '4']],
])('a stream that %s reads the same however it is split', (_, text, data) => {
  const bytes = Buffer.from(text);
  const dataOf = (...parts: Uint8Array[]): string[] =>
    decode(...parts).flatMap((item) => (item.type === 'event' ? [item.data] : []));
  expect(dataOf(bytes)).toEqual(data);
  expect(dataOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(data);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(dataOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(data);
  }
});

test('streams do not mix, whole events and halves', () => {
  const one = createSseDecoder();
  const other = createSseDecoder();
  expect(one.push(Buffer.from('event: x\nda'))).toEqual([]);
  expect(other.push(Buffer.from('data: 1\n\n'))).toHaveLength(1);
  expect(other.push(Buffer.from('data: 2\n'))).toEqual([]);
  expect(one.push(Buffer.from('ta: y\n\n'))).toEqual([{ type: 'event', event: 'x', data: 'y' }]);
  expect(other.push(Buffer.from('\n'))).toEqual([{ type: 'event', event: 'message', data: '2' }]);
});

test('an event without an end does not fill the memory', () => {
  const decoder = createSseDecoder(100);
  expect(decoder.push(Buffer.from(`data: ${'x'.repeat(90)}`))).toEqual([]);
  expect(decoder.push(Buffer.from('x'.repeat(90)))).toEqual([
    {
      type: 'event',
      event: 'error',
      data: 'an event of the stream is longer than 100 characters',
    },
  ]);
  expect(decoder.push(Buffer.from('\n\ndata: late\n\n'))).toEqual([]);
});

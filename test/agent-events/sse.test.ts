import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SseDecoder, type Decoded } from '../../src/agent-events/sse.ts';
import { Utf8Decoder } from '../../src/agent-events/utf8.ts';
import { cases } from '../helpers/properties.ts';
import { cutAt } from '../helpers/split-bytes.ts';

const decode = (...parts: Uint8Array[]): Decoded[] => {
  const utf8 = new Utf8Decoder();
  const decoder = new SseDecoder();
  return parts.flatMap((part) => decoder.push(utf8.decode(part)));
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
  const bytes = Buffer.concat([Buffer.from('data: a'), Buffer.from([0xf0, 0x9f, 0x41, 0xff, 0xe2, 0x82]), Buffer.from('z\n\n')]);
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
  const decoder = new SseDecoder();
  expect(decoder.push('data: 1\r\r')).toEqual([{ type: 'event', event: 'message', data: '1' }]);
  expect(decoder.push('\ndata: 2\r')).toEqual([]);
  expect(decoder.push('\n')).toEqual([]);
  expect(decoder.push('data: 3\r\n\r')).toEqual([{ type: 'event', event: 'message', data: '2\n3' }]);
  expect(decoder.push('\n')).toEqual([]);
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
  const one = new SseDecoder();
  const other = new SseDecoder();
  expect(one.push('event: x\nda')).toEqual([]);
  expect(other.push('data: 1\n\n')).toHaveLength(1);
  expect(other.push('data: 2\n')).toEqual([]);
  expect(one.push('ta: y\n\n')).toEqual([{ type: 'event', event: 'x', data: 'y' }]);
  expect(other.push('\n')).toEqual([{ type: 'event', event: 'message', data: '2' }]);
});

test('an event without an end does not fill the memory, and the stream is read on behind it', () => {
  const text = `data: ${'x'.repeat(180)}\ndata: y\n\ndata: late\n\n`;
  for (const at of [100, 150, 186, 187, 195]) {
    const decoder = new SseDecoder(90);
    expect([...decoder.push(text.slice(0, at)), ...decoder.push(text.slice(at))]).toEqual([
      { type: 'too-long', maxLength: 90 },
      { type: 'event', event: 'message', data: 'late' },
    ]);
  }
});

test.each<[string, string, object[]]>([
  ['without its empty line', 'data: 1\n\ndata: 2\n', [{ type: 'event', event: 'message', data: '2' }]],
  ['without a line end', 'event: e\ndata: 2\ndata: 3', [{ type: 'event', event: 'e', data: '2\n3' }]],
  ['that is only named', 'event: error', [{ type: 'event', event: 'error', data: '' }]],
  ['that is closed', 'data: 1\r\n\r\n: bye\n', []],
  ['of comments', ': bye', [{ type: 'comment', text: 'bye' }]],
  ['of stray words', 'data: 1\n\nwords', [{ type: 'stray', line: 'words' }]],
])('the end brings out the last event, here one %s', (_name, text, items) => {
  const decoder = new SseDecoder();
  decoder.push(text);
  expect(decoder.end()).toEqual(items);
});

/**
 * What eventsource-parser reads in a whole stream. It is only given line feeds, since it keeps back a CR at the end of a text, and one
 * before all else: it takes a byte order mark that was encoded twice off its first text.
 */
function referenceOf(bytes: Uint8Array): Decoded[] {
  const items: Decoded[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }) => items.push({ type: 'event', event, data, ...(id !== undefined && { id }) }),
    onComment: (text) => items.push({ type: 'comment', text }),
    onError: ({ type, line = '' }) => type === 'unknown-field' && items.push({ type: 'stray', line }),
  });
  parser.feed(`\n${new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, '\n')}`);
  return items;
}

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', ':', ': c', 'data:', 'data: x', ' ') },
  fc.constantFrom(
    'event: e',
    'id: 7',
    'id: \0',
    'retry: 9',
    'retry: x',
    'data',
    'event',
    'words',
    '\uFEFF',
    '\u00EF\u00BB\u00BF',
    'grüße 🎈',
  ),
  fc.string({ maxLength: 6 }),
  fc.uint8Array({ maxLength: 3 }),
);

test('a stream of any pieces is read as eventsource-parser reads it whole, however it is split', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(200), { maxLength: 8 }), (pieces, cuts) => {
      const bytes = Buffer.concat(pieces.map((one) => Buffer.from(one as string)));
      const wanted = referenceOf(bytes);
      expect(decode(bytes)).toEqual(wanted);
      expect(decode(...cutAt(bytes, cuts))).toEqual(wanted);
      expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(wanted);
    }),
    { numRuns: cases(10_000) },
  );
});

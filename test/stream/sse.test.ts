import { expect, test } from 'vitest';
import { createSseDecoder, type SseItem } from '../../src/stream/sse.ts';

const decode = (...parts: Uint8Array[]): SseItem[] => {
  const decoder = createSseDecoder();
  return parts.flatMap((part) => decoder.push(part));
};

test('decodes events and comments; an event that was never closed is none', () => {
  const bytes = Buffer.from(
    ': c\n\nevent: probe\nid: 7\ndata: "grüße 🎈"\n\ndata: a\r\ndata: b\r\n\r\ndata: lost',
  );
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

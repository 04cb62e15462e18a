import { expect, test } from 'vitest';
import { toAgentEvent, toWholeAnswer } from '../../src/stream/agent-event.ts';
import { createSseDecoder, type SseItem } from '../../src/stream/sse.ts';

const message = (data: string, event = 'message'): SseItem => ({ type: 'event', event, data });

test.each([
  ['a JSON string (Python SDK)', '"a \\"word\\"\\n"', 'a "word"\n'],
  ['a raw line (TypeScript SDK)', 'a word ', 'a word '],
  ['a number', '5', '5'],
  ['Strands data', '{"data":"word","delta":{"text":"word"}}', 'word'],
  ['an object with text', '{"text":"word"}', 'word'],
])('reads text from %s', (_name, data, text) => {
  expect(toAgentEvent(message(data))).toEqual({ type: 'text-delta', text });
});

test('does not read the same Strands text twice', () => {
  const raw = '{"event":{"contentBlockDelta":{"delta":{"text":"word"}}}}';
  expect(toAgentEvent(message(raw))).toEqual({ type: 'data', event: 'message', data: raw });
});

test('keeps what it does not know', () => {
  expect(toAgentEvent(message('x', 'ping'))).toEqual({ type: 'data', event: 'ping', data: 'x' });
  expect(toAgentEvent({ type: 'comment', text: 'keep-alive' })).toEqual({ type: 'heartbeat' });
});

test.each([
  ['{"error":"no","code":"THROTTLED"}', 'error', { message: 'no', code: 'THROTTLED' }],
  [
    '{"error":"no","error_type":"ValueError","message":"x"}',
    'message',
    { message: 'no', code: 'ValueError' },
  ],
  ['just words', 'error', { message: 'just words' }],
])('reads the error %s', (data, event, error) => {
  expect(toAgentEvent(message(data, event))).toEqual({ type: 'error', ...error });
});

test('reads a whole answer', () => {
  expect(toWholeAnswer('{"result":"word"}')).toEqual({ type: 'text-delta', text: 'word' });
  expect(toWholeAnswer('{"a":1}')).toEqual({ type: 'text-delta', text: '{"a":1}' });
  expect(toWholeAnswer('plain')).toEqual({ type: 'text-delta', text: 'plain' });
});

test('decodes the same items wherever the bytes are split', () => {
  const bytes = Buffer.from(
    ': c\n\nevent: probe\nid: 7\ndata: "grüße 🎈"\n\ndata: a\r\ndata: b\r\n\r\ndata: lost',
  );
  const items: SseItem[] = [
    { type: 'comment', text: ' c' },
    { type: 'event', event: 'probe', data: '"grüße 🎈"', id: '7' },
    { type: 'event', event: 'message', data: 'a\nb' },
  ];
  const decode = (...parts: Uint8Array[]): SseItem[] => {
    const decoder = createSseDecoder();
    return parts.flatMap((part) => decoder.push(part));
  };
  const whole = decode(bytes).map((item) =>
    item.type === 'comment' ? { ...item, text: item.text.padStart(2) } : item,
  );
  expect(whole).toEqual(items);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(decode(bytes.subarray(0, at), bytes.subarray(at))).toEqual(decode(bytes));
  }
});

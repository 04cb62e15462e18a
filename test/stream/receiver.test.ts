import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Receiver } from '../../src/stream/receiver.ts';
import type { Ending } from '../../src/stream/stream-part.ts';

const HEAD_AT = 1_010;
const LIMITS = { idleLimitMs: 300, streamLimitMs: 900 };

const answer = (
  status: number,
  headers: Readonly<Record<string, string>>,
  chunks: readonly (readonly [at: number, text: string])[],
): Receiver => {
  const receiver = new Receiver();
  receiver.push({ type: 'sent', at: 1_000 });
  receiver.push({ type: 'headers', at: HEAD_AT, status, headers });
  for (const [at, text] of chunks) {
    receiver.push({ type: 'chunk', at: 1_000 + at, bytes: Buffer.from(text) });
  }
  return receiver;
};
const stream = (...chunks: (readonly [number, string])[]): Receiver =>
  answer(200, { 'content-type': 'text/event-stream; charset=utf-8' }, chunks);

test.each<[string, Receiver, number, Ending, string]>([
  ['a body that ended', stream([20, 'data: "a"\n\n']), 30, 'end', 'ok'],
  ['an error in it', stream([20, 'data: {"error":"no"}\n\n']), 30, 'end', 'error-event'],
  ['an empty body', stream(), 30, 'end', 'empty'],
  ['nothing but comments', stream([20, ': keep-alive\n']), 30, 'end', 'empty'],
  ['nothing but white space', answer(200, {}, [[20, ' \n']]), 30, 'end', 'empty'],
  ['no content', answer(204, {}, []), 30, 'end', 'empty'],
  ['another success', answer(206, {}, [[20, '"a"']]), 30, 'end', 'ok'],
  ['content that says nothing', stream([20, 'data: {"a":1}\n\n']), 30, 'end', 'ok'],
  ['a run without its end', stream([20, 'data: {"type":"RUN_STARTED"}\n\n']), 30, 'end', 'no-terminal'],
  ['a cut', stream([20, 'data: "a"\n\n']), 200, 'reset', 'reset'],
  ['a cut after the idle limit', stream([20, 'data: "a"\n\n']), 318, 'reset', 'idle-cut'],
  ['a cut before the first byte', stream(), 310, 'reset', 'idle-cut'],
  ['a cut at the longest', stream([20, 'x'], [300, 'x'], [600, 'x'], [800, 'x']), 901, 'reset', 'cap-cut'],
  ['an abort', stream(), 900, 'cancelled', 'cancelled'],
  ['a timer of ours', stream(), 900, 'client-timeout', 'client-timeout'],
  ['a refusal', answer(429, {}, [[20, '{"error":"no","code":"THROTTLED"}']]), 30, 'end', 'http-error'],
  [
    "a refusal that is the function's, whatever header it has",
    answer(429, { 'x-amzn-errortype': 'x' }, [[20, '{"error":"no","code":"THROTTLED"}']]),
    30,
    'end',
    'http-error',
  ],
  [
    "API Gateway's refusal",
    answer(403, { 'x-amzn-errortype': 'ForbiddenException' }, [[20, '{"message":"Forbidden"}']]),
    30,
    'end',
    'gateway-error',
  ],
])('%s', (_name, receiver, at, ending, outcome) => {
  expect(receiver.finish(1_000 + at, ending, LIMITS).outcome).toBe(outcome);
});

test.each([
  ['5 minutes', 300_000, 285_000],
  ['a scaled second, of which a busy machine takes some', 1_000, 750],
  ['a tenth of a second', 100, 75],
])('a cut is that of the limit when it came near it: %s', (_name, idleLimitMs, fromMs) => {
  const outcomeAfter = (silenceMs: number) => stream().finish(HEAD_AT + silenceMs, 'reset', { idleLimitMs }).outcome;
  expect([outcomeAfter(fromMs), outcomeAfter(fromMs - 1), outcomeAfter(2 * idleLimitMs)]).toEqual([
    'idle-cut',
    'reset',
    'idle-cut',
  ]);
});

test('without limits a cut is just a cut', () => {
  expect(stream().finish(9_000_000, 'reset').outcome).toBe('reset');
});

test('the body of a refusal is kept, up to a bound, and says nothing', () => {
  const receiver = answer(500, { 'content-type': 'text/event-stream' }, [[20, 'data: "a"\n\n']]);
  expect(receiver.push({ type: 'end', at: 1_030 })).toEqual([]);
  expect(receiver.errorBody).toBe('data: "a"\n\n');
  const bytes = Buffer.alloc(40_000, 'x');
  for (const at of [1, 2, 3]) receiver.push({ type: 'chunk', at: 1_030 + at, bytes });
  expect(receiver.errorBody).toHaveLength(65_536);
});

test('a document speaks when it is complete', () => {
  const receiver = answer(200, { 'content-type': 'application/json' }, []);
  const bytes = Buffer.from('"grüße"');
  expect(receiver.push({ type: 'chunk', at: 1_020, bytes: bytes.subarray(0, 4) })).toEqual([]);
  const said = [
    ...receiver.push({ type: 'chunk', at: 1_030, bytes: bytes.subarray(4) }),
    ...receiver.push({ type: 'end', at: 1_030 }),
  ];
  expect(said).toEqual([{ type: 'text-delta', text: 'grüße' }]);
  expect(receiver.finish(1_030, 'end')).toMatchObject({
    outcome: 'ok',
    ttfbMs: 20,
    ttftMs: 30,
    durationMs: 30,
    events: 1,
    textEvents: 1,
  });
});

test.each(['text/plain; charset=utf-8', 'application/x-ndjson', 'application/json'])('%s streams as it comes', (type) => {
  const isText = type.startsWith('text');
  const piece = (text: string) => Buffer.from(isText ? text : `${JSON.stringify({ type: 'text', content: text })}\n`);
  const receiver = answer(200, { 'content-type': type }, []);
  const said = ['One ', 'two ', 'three\n'].map((text, index) =>
    receiver.push({ type: 'chunk', at: 1_020 + index, bytes: piece(text) }),
  );
  expect(said.slice(0, 2)).toEqual([[{ type: 'text-delta', text: 'One ' }], [{ type: 'text-delta', text: 'two ' }]]);
  receiver.push({ type: 'end', at: 1_900 });
  expect(receiver.finish(1_900, 'end')).toMatchObject({ outcome: 'ok', ttftMs: 20, textEvents: 3 });
});

test.each([
  ['gzip', 'gzip', gzipSync],
  ['gzip, unannounced', undefined, gzipSync],
  ['zlib, unannounced', undefined, deflateSync],
  ['deflate', 'deflate', deflateRawSync],
  ['brotli', 'br', brotliCompressSync],
])('an answer that comes as %s is read at its end, and that is told', (_name, encoding, compress) => {
  const headers = { 'content-type': 'text/event-stream', ...(encoding && { 'content-encoding': encoding }) };
  const receiver = answer(200, headers, []);
  const bytes = compress(Buffer.from('data: "grüße"\n\n'));
  for (const part of [bytes.subarray(0, 3), bytes.subarray(3)]) {
    expect(receiver.push({ type: 'chunk', at: 1_020, bytes: part })).toEqual([]);
  }
  expect(receiver.push({ type: 'end', at: 1_040 })).toEqual([
    { type: 'malformed', problem: 'encoding', detail: expect.stringContaining('compressed') },
    { type: 'text-delta', text: 'grüße' },
  ]);
});

test('what is not compressed as announced is read as it is', () => {
  const receiver = answer(200, { 'content-encoding': 'br' }, [[20, 'some words']]);
  expect(receiver.push({ type: 'end', at: 1_030 })).toMatchObject([
    { type: 'malformed', problem: 'encoding' },
    { type: 'text-delta', text: 'some words' },
  ]);
});

test('bytes that are no text are told, and count as content', () => {
  const receiver = answer(200, { 'content-type': 'text/plain' }, [[20, '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0']]);
  expect(receiver.push({ type: 'end', at: 1_030 }).at(-1)).toMatchObject({ type: 'malformed', problem: 'encoding' });
  expect(receiver.finish(1_030, 'end')).toMatchObject({ outcome: 'ok', textEvents: 0 });
});

test('what was held back comes out when the connection breaks', () => {
  const receiver = stream([20, 'data: "a"\n\ndata: "b"']);
  expect(receiver.settle(1_030)).toMatchObject([{ type: 'text-delta', text: 'b' }, { type: 'malformed' }]);
  expect(receiver.finish(1_030, 'reset')).toMatchObject({ outcome: 'reset', textEvents: 2 });
});

test('a turn that was never sent has no times', () => {
  expect(new Receiver().finish(50, 'reset')).toMatchObject({ outcome: 'reset', durationMs: 0, reads: 0 });
});

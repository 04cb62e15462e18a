import { expect, test } from 'vitest';
import { createReceiver, type Receiver } from '../../src/stream/receiver.ts';
import type { Ending } from '../../src/stream/stream-part.ts';

const LIMITS = { idleLimitMs: 300, streamLimitMs: 900 };

const answer = (
  status: number,
  headers: Readonly<Record<string, string>>,
  chunks: readonly (readonly [at: number, text: string])[],
): Receiver => {
  const receiver = createReceiver();
  receiver.push({ type: 'sent', at: 1_000 });
  receiver.push({ type: 'headers', at: 1_010, status, headers });
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

test('a body that is no event stream speaks when it has ended', () => {
  const receiver = answer(200, { 'content-type': 'application/json' }, []);
  const bytes = Buffer.from('"grüße"');
  expect(receiver.push({ type: 'chunk', at: 1_020, bytes: bytes.subarray(0, 4) })).toEqual([]);
  expect(receiver.push({ type: 'chunk', at: 1_030, bytes: bytes.subarray(4) })).toEqual([]);
  expect(receiver.push({ type: 'end', at: 1_040 })).toEqual([{ type: 'text-delta', text: 'grüße' }]);
  expect(receiver.finish(1_040, 'end')).toMatchObject({
    outcome: 'ok',
    ttfbMs: 20,
    ttftMs: 40,
    durationMs: 40,
    events: 1,
    textEvents: 1,
  });
});

test('a whole answer past the bound tells how much is missing', () => {
  const receiver = answer(200, { 'content-type': 'text/plain' }, []);
  const bytes = Buffer.alloc(8_388_608, 'x');
  receiver.push({ type: 'chunk', at: 1_020, bytes });
  receiver.push({ type: 'chunk', at: 1_030, bytes: Buffer.from('more') });
  const [said, missing] = receiver.push({ type: 'end', at: 1_040 });
  expect(said).toMatchObject({ type: 'text-delta' });
  expect(missing).toEqual({ type: 'data', event: 'truncated', data: '4 bytes' });
});

test('a turn that was never sent has no times', () => {
  expect(createReceiver().finish(50, 'reset')).toMatchObject({
    outcome: 'reset',
    durationMs: 0,
    reads: 0,
  });
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurnTimers, type TurnTimeouts } from '../../src/endpoint/turn-timers.ts';
import type { OperationError } from '../../src/cli/errors.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = (timeouts: TurnTimeouts) => {
  const errors: OperationError[] = [];
  const timers = createTurnTimers(timeouts, (error) => errors.push(error));
  timers.sent();
  return { timers, errors };
};

test.each([
  ['connectMs', 'the connect timer ran out: no connection within 1.5 s'],
  ['firstByteMs', 'the first-byte timer ran out: no byte of an answer within 1.5 s'],
  ['totalMs', 'the total timer ran out: the turn took longer than 1.5 s'],
] as const)('%s runs from sending on', (name, message) => {
  const { errors } = start({ [name]: 1_500 });
  vi.advanceTimersByTime(1_499);
  expect(errors).toEqual([]);
  vi.advanceTimersByTime(1);
  const code = name === 'connectMs' ? 'CONNECT_TIMEOUT' : 'CLIENT_TIMEOUT';
  expect(errors).toMatchObject([{ code, message }]);
});

test('silence runs from read to read, and not before the first', () => {
  const { timers, errors } = start({ silenceMs: 100 });
  vi.advanceTimersByTime(1_000);
  for (let read = 0; read < 5; read += 1) {
    timers.read();
    vi.advanceTimersByTime(99);
  }
  expect(errors).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(errors).toMatchObject([{ message: 'the silence timer ran out: nothing came for 0.1 s' }]);
});

test('a connection, a byte, an end stop the timers that wait for them', () => {
  const { timers, errors } = start({ connectMs: 10, firstByteMs: 20, silenceMs: 30, totalMs: 90 });
  timers.connected();
  vi.advanceTimersByTime(19);
  timers.read();
  vi.advanceTimersByTime(29);
  timers.stop();
  timers.read();
  vi.advanceTimersByTime(1_000);
  expect(errors).toEqual([]);
});

test('a reader that is behind does not count as silence', () => {
  const { timers, errors } = start({ silenceMs: 100 });
  timers.read();
  timers.hold();
  timers.read();
  vi.advanceTimersByTime(1_000);
  expect(errors).toEqual([]);
  timers.resume();
  vi.advanceTimersByTime(99);
  expect(errors).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(errors).toHaveLength(1);
});

test('what is not given, and 0, never runs out', () => {
  const { timers, errors } = start({ totalMs: 0, silenceMs: undefined });
  timers.read();
  vi.advanceTimersByTime(1e9);
  expect(errors).toEqual([]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventStream } from '../../lambda/event-stream.ts';
import type { FlushMode } from '../../src/protocol.ts';

/** Past the silence that calls for a nudge. */
const A_PAUSE_MS = 20;

let writes: string[];
let congested: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  writes = [];
  congested = false;
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (flush: FlushMode): EventStream =>
  new EventStream(
    {
      send(chunk) {
        writes.push(String(Buffer.from(chunk)));
        return true;
      },
      get congested() {
        return congested;
      },
      end: () => void writes.push('(end)'),
    },
    flush,
  );
const pause = (): void => void vi.advanceTimersByTime(A_PAUSE_MS);

test('a nudge follows each event when there is a pause, once; the head has none', () => {
  const stream = open('auto');
  pause();
  pause();
  stream.write('data: 1\n\n');
  pause();
  pause();
  stream.write('data: 2\n\n');
  stream.end();
  pause();
  expect(writes).toEqual(['data: 1\n\n', ':\n', 'data: 2\n\n', '(end)']);
});

test('there is none while the agent does not pause', () => {
  const stream = open('auto');
  for (let index = 0; index < 10; index += 1) {
    stream.write(`data: ${index}\n\n`);
    vi.advanceTimersByTime(3);
  }
  expect(writes).toHaveLength(10);
  stream.close();
});

test('there is none within an event, nor when the client is behind, nor with the mode off', () => {
  const stream = open('auto');
  stream.write('data: 1\n');
  pause();
  stream.write('data: 1\n\n');
  congested = true;
  pause();
  expect(writes).toEqual(['data: 1\n', 'data: 1\n\n']);
  congested = false;
  const other = open('off');
  other.write('data: 2\n\n');
  pause();
  expect(writes).toHaveLength(3);
});

test('a number pads each write to so many bytes, outside of events', () => {
  const stream = open(20);
  stream.write('data: 1\n\n');
  stream.write('data: 2');
  stream.write('3');
  stream.write('\n\n');
  stream.fill(': keep-alive\n');
  stream.write(`data: ${'4'.repeat(20)}\n\n`);
  stream.end();
  expect(writes).toEqual([
    `data: 1\n\n:${' '.repeat(9)}\n`,
    `:${' '.repeat(11)}\ndata: 2`,
    '3',
    `\n\n:${' '.repeat(16)}\n`,
    `: keep-alive\n:${' '.repeat(5)}\n`,
    `data: ${'4'.repeat(20)}\n\n`,
    '(end)',
  ]);
});

test('a comment of which one byte is missing is filled up as well, a long one is left as it is', () => {
  const comment = ': keep-alive\n';
  for (const missing of [1, 0]) {
    const stream = open(comment.length + missing);
    stream.fill(comment);
    stream.close();
  }
  expect(writes).toEqual([`${comment}:\n`, comment]);
});

test('its last event is set apart from one that was cut short', () => {
  const stream = open('off');
  stream.write('data: 1');
  stream.end('data: 2\n\n');
  const whole = open('off');
  whole.write('data: 1\n\n');
  whole.end('data: 2\n\n');
  expect(writes).toEqual(['data: 1', '\n\ndata: 2\n\n', '(end)', 'data: 1\n\n', 'data: 2\n\n', '(end)']);
});

import { expect, test } from 'vitest';
import { createBoundaryTracker } from '../../lambda/event-stream.ts';

const afterBytes = (...parts: string[]): boolean => {
  const tracker = createBoundaryTracker();
  for (const part of parts) tracker.push(Buffer.from(part));
  return tracker.atBoundary();
};

test('the start of a stream is a boundary', () => {
  expect(afterBytes()).toBe(true);
  expect(afterBytes('')).toBe(true);
});

test.each(['data: a\n\n', 'data: a\r\n\r\n', 'data: a\r\r', 'data: a\r\r\n', ': ping\n\n'])('after %j', (text) => {
  expect(afterBytes(text)).toBe(true);
  for (let at = 1; at < text.length; at += 1) {
    expect(afterBytes(text.slice(0, at), text.slice(at))).toBe(true);
  }
});

test.each(['data: a', 'data: a\n', 'data: a\r\n', 'data: a\n\ndata: b\n', 'data: a\n\nd'])('no boundary after %j', (text) => {
  expect(afterBytes(text)).toBe(false);
  expect(afterBytes(...text.split(''))).toBe(false);
});

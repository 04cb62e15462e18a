import { expect, test } from 'vitest';
import { createTokenBucket } from '../../../src/emulator/kernel/rate-limit.ts';
import { createHandClock } from '../../helpers/hand-clock.ts';

const takeAll = (bucket: { take(): boolean }): number => {
  let taken = 0;
  while (bucket.take()) taken += 1;
  return taken;
};

test('holds a burst, and fills up at its rate, no further than that', () => {
  const clock = createHandClock();
  const bucket = createTokenBucket({ rate: 10, burst: 4 }, clock.now);
  expect(takeAll(bucket)).toBe(4);
  clock.pass(99);
  expect(takeAll(bucket)).toBe(0);
  clock.pass(1);
  expect(takeAll(bucket)).toBe(1);
  clock.pass(60_000);
  expect(takeAll(bucket)).toBe(4);
});

test('lets nothing through without a rate and a burst', () => {
  const clock = createHandClock();
  const bucket = createTokenBucket({ rate: 0, burst: 0 }, clock.now);
  clock.pass(1e9);
  expect(bucket.take()).toBe(false);
});

import { expect, test } from 'vitest';
import { runSelfTest } from '../../src/bench/self-test.ts';

test('tells how late this client is to events that are sent on time', async () => {
  const floor = await runSelfTest(new AbortController().signal);
  expect(floor?.events).toBe(200);
  // Both stamps are of one clock: nothing arrives before it was sent.
  expect(floor?.stampErrorP50Ms).toBeGreaterThan(0);
  expect(floor?.stampErrorP99Ms).toBeGreaterThanOrEqual(floor?.stampErrorP50Ms ?? Infinity);
  expect(floor?.ttfbP50Ms).toBeGreaterThan(0);
});

test('a client that is busy with something else sees its own lateness', async () => {
  const busy = setInterval(() => {
    const until = performance.now() + 60;
    while (performance.now() < until);
  }, 100);
  const floor = await runSelfTest(new AbortController().signal);
  clearInterval(busy);
  expect(floor?.stampErrorP99Ms).toBeGreaterThan(40);
});

test('an interrupt ends it without a result', async () => {
  const interrupt = new AbortController();
  const running = runSelfTest(interrupt.signal);
  setTimeout(() => interrupt.abort(), 60);
  expect(await running).toBeUndefined();
});

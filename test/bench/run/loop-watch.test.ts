import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLoopWatch } from '../../../src/bench/run/loop-watch.ts';

const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test('sees how long the loop was blocked, and how much of the time it was busy', async () => {
  const watch = createLoopWatch();
  watch.start();
  // The monitor has to have its first look.
  await sleep(30);
  block(300);
  await sleep(30);
  expect(watch.read().loopDelayMaxMs).toBeGreaterThan(270);
  const { loopDelayMaxMs, loopDelayP99Ms, busy } = watch.stop();
  expect(loopDelayMaxMs).toBeGreaterThan(270);
  expect(loopDelayP99Ms).toBeGreaterThan(270);
  expect(busy).toBeGreaterThan(0.4);
  expect(busy).toBeLessThanOrEqual(1);
});

test('a quiet end does not hide a busy time before it', async () => {
  const watch = createLoopWatch();
  watch.start();
  await sleep(30);
  block(300);
  await sleep(20);
  watch.start();
  await sleep(1_100);
  const { loopDelayP99Ms, busy } = watch.stop();
  expect(loopDelayP99Ms).toBeGreaterThan(270);
  expect(busy).toBeGreaterThan(0.4);
});

test('an end too short to judge is left out', async () => {
  const watch = createLoopWatch();
  watch.start();
  await sleep(100);
  watch.start();
  block(50);
  expect(watch.stop().busy).toBeLessThan(0.9);
});

test('says nothing of a run that was over before its measured part', () => {
  expect(createLoopWatch().stop()).toEqual({ loopDelayP99Ms: 0, loopDelayMaxMs: 0, busy: 0 });
});

import { expect, test } from 'vitest';
import { mergeProgress } from '../../../src/bench/run/run-bench.ts';
import type { LoadProgress } from '../../../src/bench/run/run-load.ts';

const part = (change: Partial<LoadProgress>): LoadProgress => ({
  phase: 'measured',
  elapsedMs: 1_000,
  done: 0.5,
  level: 10,
  sent: 5,
  inFlight: 2,
  ...change,
});

test('counts of the threads add up, the level is one for all, and the slowest tells the phase', () => {
  const merged = mergeProgress([part({ phase: 'draining', done: 1 }), part({ elapsedMs: 1_050, level: 11, sent: 7 })]);
  expect(merged).toEqual(part({ elapsedMs: 1_050, done: 0.75, level: 11, sent: 12, inFlight: 4 }));
});

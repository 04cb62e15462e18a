import { expect, test } from 'vitest';
import { chooseWorkers, usableWorkers } from '../../../src/bench/run/worker-share.ts';
import { loadPlan } from '../../helpers/load-plan.ts';

const open = (rate: number) => loadPlan({ model: 'open', startLevel: rate, turns: 10 });

test('one thread unless the load needs more, and one core is left for the rest', () => {
  expect(chooseWorkers(loadPlan({ startLevel: 400, turns: 1 }), 8)).toBe(1);
  expect(chooseWorkers(loadPlan({ startLevel: 401, turns: 1 }), 8)).toBe(2);
  expect(chooseWorkers(loadPlan({ startLevel: 10_000, turns: 1 }), 8)).toBe(7);
  expect(chooseWorkers(loadPlan({ startLevel: 10_000, turns: 1 }), 1)).toBe(1);
  const ramp = loadPlan({ startLevel: 0, stages: [{ durationMs: 1_000, level: 900 }] });
  expect(chooseWorkers(ramp, 8)).toBe(3);
});

test('an open load needs them for its rate, or for the streams that are open at once', () => {
  expect(chooseWorkers(open(300), 8)).toBe(1);
  expect(chooseWorkers(open(301), 8)).toBe(2);
  expect(chooseWorkers(open(100), 8, 4_000)).toBe(1);
  expect(chooseWorkers(open(100), 8, 4_100)).toBe(2);
});

test('no more than have something to do', () => {
  expect(usableWorkers(loadPlan({ startLevel: 3, turns: 100 }), 8)).toBe(3);
  expect(usableWorkers(open(1), 8)).toBe(8);
  expect(usableWorkers({ ...open(500), session: { type: 'fixed' } }, 8)).toBe(1);
  expect(usableWorkers(loadPlan(), 0)).toBe(1);
});

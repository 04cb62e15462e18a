import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelAt, levelSegments, vuSteps } from '../../../src/bench/run/schedule.ts';
import { shareOf } from '../../../src/bench/run/worker-share.ts';
import { loadPlan } from '../../helpers/load-plan.ts';

test('virtual users come and go one by one along a ramp', () => {
  const stages = [
    { durationMs: 400, level: 4 },
    { durationMs: 100, level: 4 },
    { durationMs: 200, level: 2 },
  ];
  expect(vuSteps(loadPlan({ startLevel: 0, stages }))).toEqual([
    { atMs: 0, vus: 0 },
    { atMs: 50, vus: 1 },
    { atMs: 150, vus: 2 },
    { atMs: 250, vus: 3 },
    { atMs: 350, vus: 4 },
    { atMs: 550, vus: 3 },
    { atMs: 650, vus: 2 },
  ]);
});

test('the warm-up has the users of the first level, and a stage without length is a jump', () => {
  const stages = [
    { durationMs: 0, level: 3 },
    { durationMs: 100, level: 3 },
  ];
  expect(vuSteps(loadPlan({ startLevel: 0, stages }, { warmupMs: 50 }))).toEqual([{ atMs: 0, vus: 3 }]);
  const jump = [{ durationMs: 100, level: 1 }, ...stages];
  expect(vuSteps(loadPlan({ startLevel: 1, stages: jump }))).toEqual([
    { atMs: 0, vus: 1 },
    { atMs: 100, vus: 3 },
  ]);
});

test('at any moment there are as many as the level, rounded', () => {
  const anyStages = fc.array(
    fc.record({ durationMs: fc.integer({ min: 0, max: 3_000 }), level: fc.double({ min: 0, max: 30, noNaN: true }) }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), anyStages, (startLevel, stages) => {
      const plan = loadPlan({ startLevel, stages });
      const segments = levelSegments(plan);
      const steps = vuSteps(plan);
      for (let ms = 0.3; ms < (segments.at(-1)?.endMs ?? 0); ms += 97) {
        const level = levelAt(segments, ms);
        const { vus } = steps.findLast(({ atMs }) => atMs <= ms) ?? { vus: 0 };
        expect(Math.abs(vus - level)).toBeLessThanOrEqual(0.5 + 1e-6);
      }
    }),
  );
});

test('the shares of all workers are the whole', () => {
  fc.assert(
    fc.property(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 16 }), (total, count) => {
      const shares = Array.from({ length: count }, (_, index) => shareOf(total, { index, count, firstIndex: 0 }));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelAt, levelSegments, planArrivals } from '../../../src/bench/run/schedule.ts';
import type { BenchPlan, Load } from '../../../src/bench/run/plan.ts';
import { HOPS } from '../../../src/stream/stream-part.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { cases } from '../../helpers/properties.ts';

type Arrival = ReturnType<typeof planArrivals> extends Generator<infer One> ? One : never;

const open = (load: Partial<Load>, others: Partial<Omit<BenchPlan, 'load'>> = {}): BenchPlan =>
  loadPlan({ model: 'open', ...load }, others);
const times = (plan: BenchPlan): number[] => [...planArrivals(plan)].map((arrival) => arrival.plannedMs);

const anyStages = fc.array(
  fc.record({ durationMs: fc.integer({ min: 0, max: 5_000 }), level: fc.integer({ min: 0, max: 40 }) }),
  { minLength: 1, maxLength: 5 },
);

/** Turns that a level gives up to a moment, summed up in small steps: the other way round than the schedule is computed. */
function summedUp(plan: BenchPlan, untilMs: number): number {
  const segments = levelSegments(plan);
  let turns = 0;
  for (let ms = 0; ms < untilMs; ms += 1) {
    const step = Math.min(1, untilMs - ms);
    turns += (levelAt(segments, ms + step / 2) * step) / 1_000;
  }
  return turns;
}

describe('constant', () => {
  test('goes at even distances from the very start', () => {
    const plan = open({ startLevel: 4, stages: [{ durationMs: 2_000, level: 4 }] });
    expect(times(plan)).toEqual([0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750]);
  });

  test('sends exactly as many as rate and time make, for hours', () => {
    const plan = open({ startLevel: 333, stages: [{ durationMs: 3_600_000, level: 333 }] });
    const planned = times(plan);
    expect(planned.length).toBe(333 * 3_600);
    expect(planned.at(-1)).toBeCloseTo(3_600_000 - 1_000 / 333, 5);
  });

  test('the n-th arrival is where the integral of the level is n, through warm-up, ramps and pauses', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        anyStages,
        fc.integer({ min: 0, max: 2_000 }),
        (startLevel, stages, warmupMs) => {
          const plan = open({ startLevel, stages }, { warmupMs });
          const planned = times(plan);
          for (const [n, ms] of planned.entries()) {
            if (n % 7 === 0) expect(Math.abs(summedUp(plan, ms) - n)).toBeLessThan(0.05);
          }
          const end = levelSegments(plan).at(-1)?.endMs ?? 0;
          expect(Math.abs(planned.length - Math.ceil(summedUp(plan, end)))).toBeLessThanOrEqual(1);
          expect(planned.every((ms) => ms >= 0 && ms < end)).toBe(true);
        },
      ),
      { numRuns: cases(60) },
    );
  });

  test('the warm-up runs at the first level that is not 0, then the ramp begins where it is told', () => {
    const stages = [{ durationMs: 1_000, level: 10 }];
    const plan = open({ startLevel: 0, stages }, { warmupMs: 1_000 });
    const planned = times(plan);
    expect(planned.filter((ms) => ms < 1_000)).toHaveLength(10);
    expect(planned.filter((ms) => ms >= 1_000)).toHaveLength(5);
  });
});

describe('poisson', () => {
  const plan = open({ arrival: 'poisson', startLevel: 100, stages: [{ durationMs: 200_000, level: 100 }] });

  test('has exponential distances: mean, spread and shape', () => {
    const planned = times(plan);
    const gaps = planned.slice(1).map((ms, index) => ms - (planned[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    // 20,000 of them: the standard error is 0.7 %.
    expect(mean / 10).toBeCloseTo(1, 1.5);
    expect(deviation / mean).toBeCloseTo(1, 1.5);
    const longer = (ms: number): number => gaps.filter((gap) => gap > ms).length / gaps.length;
    for (const ms of [2, 5, 10, 20, 40]) expect(longer(ms)).toBeCloseTo(Math.exp(-ms / 10), 1.5);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(times({ ...plan })).toEqual(times(plan));
    expect(times({ ...plan, seed: 2 }).slice(0, 5)).not.toEqual(times(plan).slice(0, 5));
  });
});

test('each round has each hop once, in every order', () => {
  const plan = open({ startLevel: 10, turns: 200 }, { hops: HOPS });
  const rounds = groupByPair([...planArrivals(plan)]);
  const orders = rounds.map((round) => round.map(({ hop }) => hop).join());
  expect(rounds.every((round) => new Set(round.map(({ hop }) => hop)).size === 3)).toBe(true);
  expect(new Set(orders).size).toBe(6);
});

function groupByPair(arrivals: readonly Arrival[]): Arrival[][] {
  const rounds: Arrival[][] = [];
  for (const arrival of arrivals) (rounds[arrival.pair] ??= []).push(arrival);
  return rounds;
}

test('without an end of time it sends exactly the turns that are asked for, to each hop', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      fc.subarray([...HOPS], { minLength: 1 }),
      fc.integer({ min: 0, max: 1_500 }),
      fc.integer(),
      (turns, lengths, hops, warmupMs, seed) => {
        const conversations = lengths.map((length) => Array.from({ length }, () => 'hi'));
        const plan = open(
          { startLevel: 20, turns, arrival: seed % 2 === 0 ? 'poisson' : 'constant' },
          { hops, conversations, warmupMs, seed },
        );
        const measured = [...planArrivals(plan)].filter(({ plannedMs }) => plannedMs >= warmupMs);
        for (const hop of hops) {
          const ofHop = measured.filter((arrival) => arrival.hop === hop);
          expect(ofHop.reduce((sum, arrival) => sum + arrival.turns, 0)).toBe(turns);
        }
      },
    ),
  );
});

test('a level that stays 0 sends nothing, and ends', () => {
  expect(times(open({ startLevel: 0 }))).toEqual([]);
});

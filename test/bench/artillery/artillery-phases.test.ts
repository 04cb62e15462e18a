import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nextWantedMs, planArrivals, vuSteps } from '../../../src/bench/run/schedule.ts';
import { type Phase, planPhases, sharePlan } from '../../../src/bench/artillery/plan-phases.ts';
import { loadPlan } from '../../helpers/load-plan.ts';

const OPEN = { model: 'open' } as const;
const phasesOf = (...plan: Parameters<typeof loadPlan>): readonly Phase[] => planPhases(loadPlan(...plan)).phases;

/** How long a phase is, ms, as Artillery reads it. */
function lengthOf(phase: Phase): number {
  const time = 'pause' in phase ? phase.pause : phase.duration;
  if (typeof time === 'number') return Number.isInteger(time) ? time * 1_000 : Number.NaN;
  return Number(/^(\d+)ms$/.exec(time)?.[1]);
}

describe('planPhases', () => {
  it('lets all virtual users of a closed load come at once, up to the highest level', () => {
    const load = { startLevel: 0, stages: [{ durationMs: 30_000, level: 50 }] };
    expect(planPhases(loadPlan(load))).toEqual({
      phases: [{ name: 'virtual users', duration: 1, arrivalCount: 50 }],
      isOneThread: true,
      conversations: undefined,
      arrivalsMs: 1_000,
      endMs: 30_000,
      notes: [],
    });
    expect(planPhases(loadPlan({ startLevel: 3, turns: 10 })).endMs).toBe(Infinity);
  });

  it('begins as many conversations as the turns of an open load make, over the time that they take', () => {
    const plan = loadPlan({ ...OPEN, startLevel: 4, turns: 10 });
    expect(planPhases(plan)).toMatchObject({
      phases: [{ name: '4 per second', duration: '2500ms', arrivalCount: 10 }],
      isOneThread: true,
      conversations: 10,
      arrivalsMs: 2_500,
      endMs: Infinity,
    });
    const pairs = phasesOf({ ...OPEN, startLevel: 4, turns: 5 }, { conversations: [['a', 'b']] });
    expect(pairs).toEqual([{ name: '4 per second', duration: '750ms', arrivalCount: 3 }]);
  });

  it('has a phase for the warm-up and for each level, and a pause for none', () => {
    const stages = [
      { durationMs: 10_000, level: 2 },
      { durationMs: 0, level: 0 },
      { durationMs: 1_500, level: 0 },
      { durationMs: 0, level: 0.5 },
      { durationMs: 4_000, level: 0.5 },
    ];
    expect(phasesOf({ ...OPEN, startLevel: 2, stages }, { warmupMs: 3_000 })).toEqual([
      { name: 'warm-up', duration: 3, arrivalCount: 6 },
      { name: '2 per second', duration: 10, arrivalCount: 20 },
      { name: 'pause', pause: '1500ms' },
      { name: '0.5 per second', duration: 4, arrivalCount: 2 },
    ]);
  });

  it('leaves ramps and Poisson arrivals to Artillery, in whole seconds, and says what they are worth', () => {
    const up = { durationMs: 500, level: 7.5 };
    const down = { durationMs: 2_600, level: 0 };
    const ramps = planPhases(loadPlan({ ...OPEN, startLevel: 0, stages: [up, down] }));
    expect(ramps).toMatchObject({ isOneThread: false, conversations: undefined, endMs: 5_000 });
    expect(ramps.phases).toEqual([
      { name: 'from 0 to 7.5 per second', duration: 2, arrivalRate: 0, rampTo: 7.5 },
      { name: 'from 7.5 to 0 per second', duration: 3, arrivalRate: 8, rampTo: 0 },
    ]);
    expect(ramps.notes.join()).toContain('steps of a second');
    const stages = [{ durationMs: 9_700, level: 3 }];
    const poisson = planPhases(loadPlan({ ...OPEN, arrival: 'poisson', startLevel: 3, stages }));
    expect(poisson.phases).toEqual([{ name: '3 per second', duration: 10, arrivalRate: 3, mode: 'poisson' }]);
    expect(poisson.notes.join()).toContain('fall short');
  });

  it('counts the arrivals of a level beside a ramp', () => {
    const stages = [
      { durationMs: 4_000, level: 6 },
      { durationMs: 3_000, level: 6 },
    ];
    const { phases, isOneThread } = planPhases(loadPlan({ ...OPEN, startLevel: 2, stages }));
    expect(phases).toEqual([
      { name: 'from 2 to 6 per second', duration: 4, arrivalRate: 2, rampTo: 6 },
      { name: '6 per second', duration: 3, arrivalCount: 18 },
    ]);
    expect(isOneThread).toBe(false);
  });

  it('takes another timer of Artillery for high rates', () => {
    const at = (startLevel: number) =>
      planPhases(loadPlan({ ...OPEN, startLevel, stages: [{ durationMs: 9_600, level: startLevel }] }));
    expect(at(20)).toMatchObject({ isOneThread: false, endMs: 10_000 });
    expect(at(20).phases).toEqual([{ name: '20 per second', duration: 10, arrivalRate: 20, rampTo: 20 }]);
    expect(at(20).notes.join()).toContain('whole milliseconds');
    expect(at(19).phases).toEqual([{ name: '19 per second', duration: '9600ms', arrivalCount: 183 }]);
  });

  it('says when one thread of a machine has too much to do', () => {
    const notes = (...plan: Parameters<typeof loadPlan>): string => planPhases(loadPlan(...plan)).notes.join();
    expect(notes({ startLevel: 401, turns: 401 })).toContain('--machines');
    expect(notes({ startLevel: 401, turns: 401 }, { session: { type: 'fixed' } })).not.toBe('');
    expect(notes({ startLevel: 400, turns: 400 })).toBe('');
    const poisson = { ...OPEN, arrival: 'poisson', stages: [{ durationMs: 9_000, level: 20 }] } as const;
    expect(notes({ ...poisson, startLevel: 20 })).toContain('keep a core busy');
  });

  it.each([
    [{ arrival: 'poisson', startLevel: 2.5, stages: [{ durationMs: 9_000, level: 2.5 }] }, '2.5'],
    [{ arrival: 'poisson', startLevel: 1, stages: [{ durationMs: 9_000, level: 5 }] }, 'one rate'],
    [{ arrival: 'poisson', startLevel: 1, turns: 5 }, 'not --requests'],
    [{ startLevel: 1, stages: [{ durationMs: 9_000, level: 5 }], turns: 5 }, 'not --requests'],
    [{ startLevel: 20, turns: 50 }, 'not --requests'],
    [{ startLevel: 20.5, stages: [{ durationMs: 9_000, level: 20.5 }] }, 'not 20.5'],
  ] as const)('refuses what Artillery cannot do: %j', (load, message) => {
    expect(() => planPhases(loadPlan({ ...OPEN, ...load }))).toThrow(message);
  });

  test('even arrivals are those of the plan: as many, and as long', () => {
    const seconds = fc.integer({ min: 1, max: 20 }).map((s) => s * 1_000);
    const level = fc.integer({ min: 0, max: 40 }).map((n) => n / 8);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(level, seconds), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 1_000, 2_500),
        fc.option(fc.integer({ min: 1, max: 60 })),
        (parts, warmupMs, turns) => {
          const stages = parts.flatMap(([to, durationMs]) => [
            { durationMs: 0, level: to },
            { durationMs, level: to },
          ]);
          const startLevel = parts[0]?.[0] ?? 0;
          fc.pre(parts.some(([to]) => to > 0));
          const plan = loadPlan({ ...OPEN, startLevel, stages, ...(turns !== null && { turns }) }, { warmupMs });
          const { phases, conversations, arrivalsMs, endMs } = planPhases(plan);
          const arrivals = [...planArrivals(plan)];
          const lengths = phases.map(lengthOf);
          expect(conversations).toBe(arrivals.length);
          expect(arrivalsMs).toBe(lengths.reduce((sum, ms) => sum + ms, 0));
          expect(endMs).toBe(arrivalsMs);
          expect(Math.min(...lengths)).toBeGreaterThan(0);
          const plannedMs = warmupMs + parts.reduce((sum, [, ms]) => sum + ms, 0);
          if (turns === null) expect(endMs).toBe(plannedMs);
          else expect(endMs).toBeLessThanOrEqual(plannedMs);
          expect(endMs).toBeGreaterThan((arrivals.at(-1)?.plannedMs ?? 0) - 1);
        },
      ),
    );
  });
});

describe('sharePlan', () => {
  const PACES = { turnsPerSecond: 200, newSessionsPerMinute: 400 };

  it('divides rates and paces exactly, and rounds up what is whole, with a note', () => {
    const open = sharePlan(loadPlan({ ...OPEN, startLevel: 5, stages: [{ durationMs: 9_000, level: 10 }] }, { paces: PACES }), 4);
    expect(open.plan.load).toMatchObject({ startLevel: 1.25, stages: [{ level: 2.5 }] });
    expect(open.plan.paces).toEqual({ turnsPerSecond: 50, newSessionsPerMinute: 100 });
    expect(open.notes).toEqual([]);
    const closed = sharePlan(loadPlan({ startLevel: 50, turns: 100 }), 4);
    expect(closed.plan.load).toMatchObject({ startLevel: 13, turns: 25 });
    expect(closed.notes).toEqual(['13 virtual users on each of 4 machines are 52, not 50']);
  });

  test('all machines together do the plan, and hardly more', () => {
    const count = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 50 }), (vus, turns, machines) => {
        const { load } = sharePlan(loadPlan({ startLevel: vus, turns }), machines).plan;
        for (const [share, whole] of [[load.startLevel, vus] as const, [load.turns ?? 0, turns] as const]) {
          expect(share * machines).toBeGreaterThanOrEqual(whole);
          expect(share * machines).toBeLessThan(whole + machines);
        }
      }),
    );
  });

  it('leaves a plan for one machine as it is', () => {
    const plan = loadPlan({ startLevel: 3, turns: 10 }, { paces: PACES });
    expect(sharePlan(plan, 1)).toEqual({ plan, notes: [] });
  });
});

test('a virtual user is wanted whenever the level is above its number', () => {
  const stage = fc.record({ durationMs: fc.integer({ min: 0, max: 500 }), level: fc.integer({ min: 0, max: 6 }) });
  fc.assert(
    fc.property(fc.array(stage, { minLength: 1, maxLength: 5 }), fc.nat(6), fc.nat(1_000), (stages, user, nowMs) => {
      const steps = vuSteps(loadPlan({ startLevel: 2, stages }));
      const levelAt = (ms: number): number => steps.findLast(({ atMs }) => atMs <= ms)?.vus ?? 0;
      const wantedMs = nextWantedMs(steps, user, nowMs);
      const moments = [nowMs, ...steps.map(({ atMs }) => atMs)].filter((ms) => ms >= nowMs);
      const wanted = moments.filter((ms) => user < levelAt(ms));
      expect(wantedMs).toBe(wanted.length === 0 ? Infinity : Math.min(...wanted));
    }),
  );
});

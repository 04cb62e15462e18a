import type { BenchPlan, Load } from '../../src/bench/run/plan.ts';

/** A plan for tests: one virtual user, one turn to `api`, no warm-up, unless told otherwise. */
export function loadPlan(load: Partial<Load> = { turns: 1 }, others: Partial<Omit<BenchPlan, 'load'>> = {}): BenchPlan {
  return {
    hops: ['api'],
    load: { model: 'closed', arrival: 'constant', startLevel: 1, stages: [], ...load },
    warmupMs: 0,
    graceMs: 10_000,
    conversations: [['hi']],
    session: { type: 'per-vu' },
    keepsSessions: false,
    paces: {},
    seed: 1,
    timers: {},
    ...others,
  };
}

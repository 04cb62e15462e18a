import type { BenchPlan } from '../run/plan.ts';

export interface SharedPlan {
  readonly plan: BenchPlan;
  /** In what all shares together are not the plan, sentences. */
  readonly notes: readonly string[];
}

/**
 * What each of so many machines does of a plan. All of them run the same, so what cannot be divided is rounded up.
 * @param machines 1 or more
 */
export function sharePlan(plan: BenchPlan, machines: number): SharedPlan {
  const notes: string[] = [];
  const whole = (count: number, what: string): number => {
    const share = Math.ceil(count / machines);
    if (share * machines !== count) {
      notes.push(
        `${share} ${what} on each of ${machines} machines are ${share * machines}, not ${count}`,
      );
    }
    return share;
  };
  const { load, paces } = plan;
  const level = (value: number): number =>
    load.model === 'closed' ? whole(value, 'virtual users') : value / machines;
  const startLevel = level(load.startLevel);
  const stages = load.stages.map(({ durationMs, level: to }) => ({ durationMs, level: level(to) }));
  const { turnsPerSecond, newSessionsPerMinute } = paces;
  return {
    plan: {
      ...plan,
      load: {
        ...load,
        startLevel,
        stages,
        ...(load.turns !== undefined && { turns: whole(load.turns, 'turns') }),
      },
      paces: {
        ...(turnsPerSecond !== undefined && { turnsPerSecond: turnsPerSecond / machines }),
        ...(newSessionsPerMinute !== undefined && {
          newSessionsPerMinute: newSessionsPerMinute / machines,
        }),
      },
    },
    notes: [...new Set(notes)],
  };
}

import { levelSegments } from './load-level.ts';
import type { BenchPlan } from './plan.ts';

/** From this moment on there are so many virtual users. */
export interface VuStep {
  /** ms since the start of the run. */
  readonly atMs: number;
  readonly vus: number;
}

/** When the number of virtual users of a closed load changes: whenever the level, rounded, does. */
export function vuSteps(plan: Pick<BenchPlan, 'load' | 'warmupMs'>): VuStep[] {
  const steps: VuStep[] = [];
  const add = (atMs: number, vus: number): void => {
    if (steps.at(-1)?.vus !== vus) steps.push({ atMs, vus });
  };
  for (const { startMs, endMs, from, to } of levelSegments(plan)) {
    const [first, last] = [Math.round(from), Math.round(to)];
    const crossing = (level: number): number =>
      startMs + ((level - from) / (to - from)) * (endMs - startMs);
    // A segment without length is a jump.
    if (startMs === endMs) continue;
    add(startMs, first);
    for (let vus = first + 1; vus <= last; vus += 1) add(crossing(vus - 0.5), vus);
    for (let vus = first - 1; vus >= last; vus -= 1) add(crossing(vus + 0.5), vus);
  }
  return steps;
}

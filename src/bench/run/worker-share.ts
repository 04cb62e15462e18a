import type { BenchPlan } from './plan.ts';
import { highestLevel } from './schedule.ts';

/** Which share of a run one thread has. */
export interface WorkerShare {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** The first number of a turn and of a session that is free: those below were given before the load. */
  readonly firstIndex: number;
}

/** A worker's part of so many things: they are dealt out like cards. */
export function shareOf(total: number, { index, count }: WorkerShare): number {
  return Math.max(0, Math.ceil((total - index) / count));
}

/** About half of what one thread follows with a p99 stamp error under 5 ms: `npm run bench:streams`. */
const STREAMS_A_WORKER = 400;
/** About a third of what one thread sends, each with a connection of its own. */
const TURNS_PER_SECOND_A_WORKER = 300;

/** How many threads a plan needs. @param turnMs how long a turn takes, as far as that is known */
export function chooseWorkers(plan: BenchPlan, cores: number, turnMs = 0): number {
  const level = highestLevel(plan.load);
  const [streams, turnsPerSecond] = plan.load.model === 'closed' ? [level, 0] : [(level * turnMs) / 1_000, level];
  const needed = Math.max(streams / STREAMS_A_WORKER, turnsPerSecond / TURNS_PER_SECOND_A_WORKER);
  return usableWorkers(plan, Math.min(Math.ceil(needed), cores - 1));
}

/** As many of the wanted threads as have something to do: a virtual user belongs to one, and so does a session that all turns share. */
export function usableWorkers(plan: BenchPlan, wanted: number): number {
  const { session, load } = plan;
  const most = session.type === 'fixed' && !plan.probe ? 1 : load.model === 'closed' ? Math.round(highestLevel(load)) : Infinity;
  return Math.max(1, Math.min(wanted, most));
}

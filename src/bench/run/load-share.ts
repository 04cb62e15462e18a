import type { BenchPlan } from './plan.ts';
import { type LoadOptions, type LoadResult, type LoadRun, runLoad } from './run-load.ts';
import { closeHops, createClientDriver, openHops } from './client-driver.ts';
import type { ConnectionTarget } from '../../endpoint/connection.ts';

/** One thread's share of a run, ready to start. */
export interface LoadShare {
  /** To be called once. The connections are closed when its result is there. */
  start(options: Omit<LoadOptions, 'driver'>): LoadRun;
  /** Instead of `start`. */
  close(): Promise<void>;
}

/** Opens the connections of a share, so that it can start at a moment. @throws as `openConnection` does */
export async function openShare(plan: BenchPlan, target: ConnectionTarget): Promise<LoadShare> {
  const connections = await openHops(plan, target);
  const driver = createClientDriver(connections, plan.qualifier);
  return {
    start(options) {
      const run = runLoad(plan, { ...options, driver });
      const finish = async (): Promise<LoadResult> => {
        try {
          return await run.result;
        } finally {
          await closeHops(connections);
        }
      };
      return { progress: run.progress, result: finish() };
    },
    close: () => closeHops(connections),
  };
}

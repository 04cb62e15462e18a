import type { LoadDriver } from '../../src/bench/run/load-driver.ts';
import type { BenchPlan } from '../../src/bench/run/plan.ts';
import { monotonicNow } from '../../src/bench/run/run-clock.ts';
import { type LoadResult, type LoadRun, runLoad } from '../../src/bench/run/run-load.ts';
import type { TurnRecord } from '../../src/bench/run/turn-record.ts';

export interface StartedPlan {
  readonly records: readonly TurnRecord[];
  readonly runs: readonly LoadRun[];
  readonly results: Promise<LoadResult[]>;
  /** Start of the load, ms of the monotonic clock. */
  readonly startAt: number;
}

/** Runs a plan over a driver, in as many shares as wanted, all in this thread. */
export function startPlan(
  plan: BenchPlan,
  driver: LoadDriver,
  {
    workers = 1,
    signal = new AbortController().signal,
    onTurn = (): void => undefined,
  }: { workers?: number; signal?: AbortSignal; onTurn?: (record: TurnRecord) => void } = {},
): StartedPlan {
  const records: TurnRecord[] = [];
  const startAt = monotonicNow() + 5;
  const runs = Array.from({ length: workers }, (_, index) =>
    runLoad(plan, {
      driver,
      worker: { index, count: workers, firstIndex: 0 },
      startAt,
      signal,
      onTurn(record) {
        records.push(record);
        onTurn(record);
      },
    }),
  );
  return { startAt, records, runs, results: Promise.all(runs.map((run) => run.result)) };
}

/** The same to its end. */
export async function runPlan(
  ...args: Parameters<typeof startPlan>
): Promise<Omit<StartedPlan, 'runs' | 'results'> & { readonly results: readonly LoadResult[] }> {
  const { records, results, startAt } = startPlan(...args);
  return { results: await results, records, startAt };
}

import type { BenchPlan } from './plan.ts';
import type { TurnRecord } from './turn-record.ts';
import type { LoadProgress, LoadResult } from './run-load.ts';
import { monotonicNow } from './run-clock.ts';
import { addSessions } from './sessions.ts';
import type { OperationError } from '../../cli/errors.ts';
import { usableWorkers } from './worker-share.ts';
import { closeHops, openHops, openShare } from './client-driver.ts';
import type { ConnectionTarget } from '../../endpoint/connection.ts';
import { lendCredentials } from '../../endpoint/thread-credentials.ts';
import { BATCH_MS, LEAD_MS, runWorkers } from './run-workers.ts';
import { mostOf, sumOf } from '../../stream/distribution.ts';
import { createTraceKeeper } from './read-trace.ts';

/** The result of a run: the turns of all its threads, each once. */
export type BenchRun = ReturnType<typeof merge>;

export interface BenchOptions extends ConnectionTarget {
  /** Threads. More than one are worker threads of their own; one is the calling thread. */
  readonly workers: number;
  /** Aborted: nothing more is sent, what is in flight ends as `cancelled`. */
  readonly signal: AbortSignal;
  /** The first number of a turn that is free: as many as the pilot has sent. */
  readonly firstIndex?: number;
  /** Told of each turn once, soon after its end, without its trace. */
  readonly onTurn?: (record: TurnRecord) => void;
  /** Told ten times a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Runs a plan. @throws as `openConnection` does, before anything is sent; a bug of ours */
export async function runBench(plan: BenchPlan, options: BenchOptions): Promise<BenchRun> {
  const workers = usableWorkers(plan, options.workers);
  const turns: TurnRecord[] = [];
  const keep = (record: TurnRecord): void => {
    turns.push(record);
    options.onTurn?.(record);
  };
  if (workers === 1) return merge(turns, [await runHere(plan, options, keep)], undefined);
  // A connection that cannot be opened fails here with its own error; a worker thread could only die.
  await closeHops(await openHops(plan, options));
  const tasks = Array.from({ length: workers }, (_, index) => ({
    plan,
    endpoint: options.endpoint,
    credentials: options.credentials && lendCredentials(options.credentials),
    worker: { index, count: workers, firstIndex: options.firstIndex ?? 0 },
  }));
  const { results, failure } = await runWorkers(tasks, {
    signal: options.signal,
    onTurns: (batch) => batch.forEach(keep),
    onProgress: (parts) => options.onProgress?.(mergeProgress(parts)),
  });
  return merge(turns, results, failure);
}

async function runHere(plan: BenchPlan, options: BenchOptions, onTurn: (record: TurnRecord) => void): Promise<LoadResult> {
  const { endpoint, credentials, signal, firstIndex = 0, onProgress } = options;
  const start = await openShare(plan, { endpoint, credentials });
  const worker = { index: 0, count: 1, firstIndex };
  const run = start({ worker, startAt: monotonicNow() + LEAD_MS, signal, onTurn });
  const timer = onProgress && setInterval(() => onProgress(run.progress()), BATCH_MS);
  try {
    return await run.result;
  } finally {
    clearInterval(timer);
    onProgress?.(run.progress());
  }
}

/** @param failure a thread died: what it had told before and what the others have kept is here, its turns in flight are not */
function merge(turns: readonly TurnRecord[], results: readonly LoadResult[], failure: OperationError | undefined) {
  const keeper = createTraceKeeper();
  for (const { record, trace } of results.flatMap(({ traces }) => traces))
    keeper.offer(record, { take: () => trace, drop: () => undefined });
  const traces = new Map(keeper.kept().map(({ record, trace }) => [record.index, trace]));
  const longest = (name: 'sendingMs' | 'durationMs'): number => mostOf(results, (result) => result[name]);
  return {
    /** In the order in which they ended, as the threads told of them; a few have their trace. */
    turns: turns.map((record) => {
      const trace = traces.get(record.index);
      return trace ? { ...record, trace } : record;
    }),
    /** One for each thread that came to its end. */
    clients: results.map(({ client }) => client),
    sendingMs: longest('sendingMs'),
    durationMs: longest('durationMs'),
    unsent: sumOf(results, ({ unsent }) => unsent),
    sessions: addSessions(results.map(({ sessions }) => sessions)),
    failure,
  };
}

const PHASES: readonly LoadProgress['phase'][] = ['warmup', 'measured', 'draining'];

/** The progress of all threads from that of each. @param parts at least one; each has the level of the whole run */
export function mergeProgress(parts: readonly LoadProgress[]): LoadProgress {
  const sum = (name: 'sent' | 'inFlight' | 'done'): number => sumOf(parts, (part) => part[name]);
  const latest = Math.max(...parts.map(({ elapsedMs }) => elapsedMs));
  return {
    phase: PHASES.find((phase) => parts.some((part) => part.phase === phase)) ?? 'warmup',
    elapsedMs: latest,
    done: sum('done') / parts.length,
    level: parts.find(({ elapsedMs }) => elapsedMs === latest)?.level ?? 0,
    sent: sum('sent'),
    inFlight: sum('inFlight'),
  };
}

import { Worker } from 'node:worker_threads';
import type { BenchPlan } from './plan.ts';
import { monotonicNow } from './run-clock.ts';
import type { LoadProgress, LoadResult } from './run-load.ts';
import type { TurnRecord } from './turn-record.ts';
import type { WorkerShare } from './worker-share.ts';
import { OperationError } from '../../cli/errors.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { ThreadCredentials } from '../../endpoint/thread-credentials.ts';

export interface WorkersOptions {
  readonly signal: AbortSignal;
  readonly onTurns: (turns: readonly TurnRecord[]) => void;
  /** Called with the latest progress of each worker. */
  readonly onProgress: (parts: readonly LoadProgress[]) => void;
}

/** All start at one moment; when one dies the others are interrupted. @throws {OperationError} WORKER_DIED before the start */
export async function runWorkers(tasks: readonly WorkerTask[], { signal, onTurns, onProgress }: WorkersOptions) {
  const progress = new Map<number, LoadProgress>();
  let waitingFor = tasks.length;
  let failure: OperationError | undefined;

  const threads = tasks.map((task) => {
    const { credentials } = task;
    const transferList = credentials && 'port' in credentials ? [credentials.port] : [];
    const entry = new URL('./load-worker.js', import.meta.url);
    return new Worker(entry, { workerData: task, transferList });
  });
  const tellAll = (message: ToWorker): void => {
    for (const thread of threads) thread.postMessage(message, []);
  };
  const interrupt = (): void => tellAll({ type: 'interrupt' });
  const countReady = (): void => {
    waitingFor -= 1;
    // The clock begins when all can: a thread takes some hundred ms to load its clients.
    if (waitingFor === 0) tellAll({ type: 'start', startAt: monotonicNow() + LEAD_MS });
  };
  const bury = (index: number, cause: unknown): void => {
    failure ??= workerDied(index, cause);
    if (waitingFor === 0) interrupt();
    else for (const worker of threads) void worker.terminate();
  };
  const follow = (worker: Worker, index: number): Promise<LoadResult | undefined> =>
    new Promise((resolve) => {
      let cause: unknown;
      let isDone = false;
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') {
          countReady();
        } else if (message.type === 'batch') {
          progress.set(index, message.progress);
          onTurns(message.turns);
          onProgress([...progress.values()]);
        } else {
          isDone = true;
          resolve(message.result);
        }
      });
      worker.on('error', (error) => (cause = error));
      worker.on('exit', (code) => {
        if (isDone) return;
        bury(index, cause ?? new Error(`exit code ${code}`));
        resolve(undefined);
      });
    });

  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  const results = await Promise.all(threads.map(follow));
  signal.removeEventListener('abort', interrupt);
  for (const worker of threads) worker.removeAllListeners();
  await Promise.all(threads.map((worker) => worker.terminate()));
  if (failure && waitingFor > 0) throw failure;
  return { results: results.filter((result) => result !== undefined), failure };
}

function workerDied(index: number, cause: unknown): OperationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OperationError('WORKER_DIED', `thread ${index + 1} of the load died (${reason}); its turns in flight are lost`, {
    hint: 'what was measured before is kept; try fewer turns at once, or another --workers',
    cause,
  });
}

/** Input of a worker thread. */
export interface WorkerTask {
  readonly plan: BenchPlan;
  readonly endpoint: Endpoint;
  readonly credentials: ThreadCredentials | undefined;
  readonly worker: WorkerShare;
}

export type ToWorker =
  | { readonly type: 'start'; readonly startAt: number }
  /** Turns in flight end as `cancelled`. */
  | { readonly type: 'interrupt' };

export type FromWorker =
  /** Its connections are open. */
  | { readonly type: 'ready' }
  | { readonly type: 'batch'; readonly turns: readonly TurnRecord[]; readonly progress: LoadProgress }
  /** The last message, after the last batch. */
  | { readonly type: 'result'; readonly result: LoadResult };

/** Between the last thread's being ready and the start of the load, ms. */
export const LEAD_MS = 50;
/** How often a worker tells of its turns, ms: rare enough to cost nothing, often enough to watch. */
export const BATCH_MS = 100;

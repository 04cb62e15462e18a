import type { LoadProgress } from './load-progress.ts';
import type { BenchPlan } from './plan.ts';
import type { LoadResult } from './run-load.ts';
import type { TurnRecord } from './turn-record.ts';
import type { WorkerShare } from './worker-share.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { ThreadCredentials } from '../../endpoint/thread-credentials.ts';

/** What a worker thread is given. */
export interface WorkerTask {
  readonly plan: BenchPlan;
  readonly endpoint: Endpoint;
  readonly credentials: ThreadCredentials | undefined;
  readonly worker: WorkerShare;
}

export type ToWorker =
  | { readonly type: 'start'; readonly startAt: number }
  /** What is in flight ends as `cancelled`. */
  | { readonly type: 'interrupt' };

export type FromWorker =
  /** Its connections are open. */
  | { readonly type: 'ready' }
  /** What has happened since the last one. */
  | {
      readonly type: 'batch';
      readonly turns: readonly TurnRecord[];
      readonly progress: LoadProgress;
    }
  /** The last message, after the last batch. */
  | { readonly type: 'result'; readonly result: LoadResult };

/** How often a worker tells of its turns, ms: rare enough to cost nothing, often enough to watch. */
export const BATCH_MS = 100;

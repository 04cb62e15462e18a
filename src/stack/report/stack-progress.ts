import type { StackEvent } from '../stack-report.ts';

/** A resource in progress, or one that has failed. */
export interface ProgressRow {
  readonly logicalId: string;
  readonly resourceType: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** When it began. */
  readonly since: Date;
}

/** Progress of an operation. */
export interface StackProgress {
  readonly done: number;
  /** 0 when unknown. */
  readonly total: number;
  readonly isRollingBack: boolean;
  /** In the order of their start. */
  readonly inFlight: readonly ProgressRow[];
  /** In the order of their failure, without those cancelled because of another failure. */
  readonly failed: readonly ProgressRow[];
}

/** Counts the events of one operation. */
export interface ProgressCounter {
  add(event: StackEvent): void;
  now(): StackProgress;
}

/** @param expected number of resources that the operation changes; 0 when unknown */
export function countProgress(expected: number): ProgressCounter {
  const inFlight = new Map<string, ProgressRow>();
  const failed = new Map<string, ProgressRow>();
  const touched = new Set<string>();
  let done = new Set<string>();
  let total = expected;
  let isRollingBack = false;
  return {
    add(event) {
      const { logicalId, status, reason, isStack, at } = event;
      if (isStack) {
        if (!isRollingBack && status.endsWith('ROLLBACK_IN_PROGRESS')) {
          isRollingBack = true;
          // The rollback undoes the finished resources.
          total = touched.size;
          done = new Set();
        }
        return;
      }
      touched.add(logicalId);
      const row = { ...event, since: inFlight.get(logicalId)?.since ?? at };
      inFlight.delete(logicalId);
      if (status.endsWith('_IN_PROGRESS')) inFlight.set(logicalId, row);
      else if (!status.endsWith('_FAILED')) done.add(logicalId);
      else if (!/cancelled/i.test(reason ?? '')) failed.set(logicalId, row);
    },
    now: () => ({
      done: Math.min(done.size, total || done.size),
      total,
      isRollingBack,
      inFlight: [...inFlight.values()],
      failed: [...failed.values()],
    }),
  };
}

/** Time of a run: ms since the start of its load, the same in every thread. */
export interface RunClock {
  now(): number;
  /** @param stamp of `performance.now()` in this thread */
  ofStamp(stamp: number): number;
}

/** @param startAt the start of the load as `monotonicNow` tells it */
export function createRunClock(startAt: number): RunClock {
  const shift = monotonicNow() - performance.now() - startAt;
  return {
    now: () => performance.now() + shift,
    ofStamp: (stamp) => stamp + shift,
  };
}

/** CLOCK_MONOTONIC, ms: one for all threads and processes of a machine, where `performance.now()` is each thread's own. */
export function monotonicNow(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1_000 + nanos / 1_000_000;
}

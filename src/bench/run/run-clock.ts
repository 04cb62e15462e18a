/** Time of a run: ms since the start of its load, the same in every thread. */
export type RunClock = ReturnType<typeof createRunClock>;

/** `ofStamp` takes a stamp of `performance.now()` in this thread. @param startAt the start of the load as `monotonicNow` tells it */
export function createRunClock(startAt: number) {
  const shift = monotonicNow() - performance.now() - startAt;
  return { now: () => performance.now() + shift, ofStamp: (stamp: number) => stamp + shift };
}

/** CLOCK_MONOTONIC, ms: one for all threads and processes of a machine, where `performance.now()` is each thread's own. */
export function monotonicNow(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1_000 + nanos / 1_000_000;
}

/** Waits until then; false when aborted before. It looks at the clock: timers of Node.js may come a little early. */
export function waitUntil(ms: number, clock: RunClock, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const look = (): void => {
      const left = ms - clock.now();
      if (left > 0) {
        timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS));
        return;
      }
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    look();
  });
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Thousandths of a millisecond: finer than any clock here, and what a document of many turns can do without. */
const PER_MS = 1_000;

/** The same with every number rounded to a microsecond, where numbers are milliseconds or whole. */
export function roundTimes<T>(value: T): T {
  return round(value) as T;
}

function round(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * PER_MS) / PER_MS;
  if (Array.isArray(value)) return value.map(round);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, round(member)]));
}

import type { RunClock } from './run-clock.ts';

/**
 * Waits for a moment of the run. A timer of Node.js counts whole milliseconds and may come a little early, so it is looked at the
 * clock, never at how long was slept.
 * @returns false when the signal is aborted before
 */
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

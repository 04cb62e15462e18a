import { setTimeout as sleep } from 'node:timers/promises';
import type { StackTiming } from './stack-timing.ts';

const GROWTH = 3;

/**
 * Waits between two questions, a little longer each time: small stacks are done soon.
 * @returns a function that waits, the shorter the more is in flight; it rejects with an AbortError when the signal is aborted
 */
export function createPollDelay(
  { firstPollMs, pollMs, pollInFlightMs }: StackTiming,
  signal: AbortSignal,
): (isInFlight: boolean) => Promise<void> {
  let ms = firstPollMs;
  return async (isInFlight) => {
    await sleep(Math.min(ms, isInFlight ? pollInFlightMs : pollMs), undefined, { signal });
    ms *= GROWTH;
  };
}

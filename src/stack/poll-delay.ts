import { setTimeout as sleep } from 'node:timers/promises';

/** How often CloudFormation is asked: quickly at first, since small stacks are done soon, then every 2 s. */
const FIRST_MS = 250;
const GROWTH = 1.5;
const MAX_MS = 2_000;

/**
 * Waits between two questions, a little longer each time.
 * @returns a function that waits; it rejects with an AbortError when the signal is aborted
 */
export function createPollDelay(signal: AbortSignal): () => Promise<void> {
  let ms = FIRST_MS;
  return async () => {
    await sleep(ms, undefined, { signal });
    ms = Math.min(ms * GROWTH, MAX_MS);
  };
}

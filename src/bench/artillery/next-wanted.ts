import type { VuStep } from '../run/vu-steps.ts';

/**
 * When a virtual user of a closed load is to send again, ms since the start of the run.
 * @param steps in the order of time
 * @param user its number, from 0: the level is how many of the first are wanted
 * @returns `nowMs` while it is wanted; Infinity when it never will be again
 */
export function nextWantedMs(steps: readonly VuStep[], user: number, nowMs: number): number {
  const current = steps.findLast(({ atMs }) => atMs <= nowMs);
  if (current && user < current.vus) return nowMs;
  return steps.find(({ atMs, vus }) => atMs > nowMs && user < vus)?.atMs ?? Infinity;
}

import { shareOf, type WorkerShare } from './worker-share.ts';

/** A bound is kept in windows of a tenth, so that a run does not begin with all of it at once. */
const WINDOWS = 10;

/**
 * Keeps a rate below a bound by telling each of its askers when it may go. A sliding window: of the moments that it gives, at most `count` lie within any `windowMs`, and (from a count of ten on) at most a
 * tenth within a tenth of it.
 * @param count undefined: no bound. Below 1 the window is so much longer; a fraction above is left out
 * @returns for a moment, ascending as a rule, the earliest one from then on that keeps the bound
 */
export function createRateLimit(count: number | undefined, windowMs: number): { reserve: (wantedMs: number) => number } {
  if (count === undefined) return { reserve: (wantedMs) => wantedMs };
  const most = Math.max(1, Math.floor(count));
  const spanMs = count < 1 ? windowMs / count : windowMs;
  const burst = Math.max(1, Math.floor(most / WINDOWS));
  const burstSpanMs = (spanMs * burst) / most;
  /** The last `most` moments, round and round. */
  const given: number[] = [];
  let next = 0;
  const before = (steps: number): number => given[(next + most - steps) % most] ?? -Infinity;
  return {
    reserve(wantedMs) {
      const moment = Math.max(wantedMs, before(1), before(burst) + burstSpanMs, before(most) + spanMs);
      given[next] = moment;
      next = (next + 1) % most;
      return moment;
    },
  };
}

/** A worker's part of a bound for the run. Below one for each of them, they keep it on average only. */
export function rateLimitShare(count: number | undefined, worker: WorkerShare): number | undefined {
  if (count === undefined || count < worker.count) return count && count / worker.count;
  return shareOf(Math.floor(count), worker);
}

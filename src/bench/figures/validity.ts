import { distributionOf, mostOf, percentileOf } from '../../stream/distribution.ts';
import type { RunRecord } from './report-schema.ts';

/** Past it an event loop has no time left to come late to. */
const MOST_BUSY = 0.95;
/** In a shorter run the busy share means nothing: compiling alone keeps a loop busy. */
const SHORTEST_FOR_BUSY_MS = 1_000;
/** The share of planned turns that may stay unsent, as p99 of the others' lateness may pass. */
const LEAST_UNSENT = 0.01;
const MORE_CLIENT =
  'take more threads (--workers), a larger machine, a lower rate, or many machines (agentstream bench export artillery)';

/**
 * Whether the client measured the server, or itself: when it was the bottleneck, no headline figure may be printed. Each reason is a
 * sentence with its number. @param turns those whose figures are to be printed
 */
export function validityOf({ run: { maxLagMs, sendingMs, unsent = 0, stoppedBy }, clients, turns }: RunRecord) {
  const lateness = turns.map(({ latenessMs }) => latenessMs);
  /** The client's own lateness, shown beside the figures; of several threads that of the worst. */
  const lag = {
    lateness: distributionOf(lateness),
    loopDelayP99Ms: mostOf(clients, ({ loopDelayP99Ms }) => loopDelayP99Ms),
    busy: mostOf(clients, ({ busy }) => busy),
  };
  // Rate limits set the schedule of a closed load, so they hold nothing back there.
  const held = turns.filter(({ plannedMs }) => plannedMs !== undefined);
  const latenessP99 = p99Of(lateness);
  const heldP99 = p99Of(held.map(({ heldMs }) => heldMs));
  const bound = `more than the ${maxLagMs} ms allowed`;
  const reasons = [
    latenessP99 > maxLagMs && `turns were sent late: p99 ${latenessP99.toFixed(1)} ms, ${bound}; ${MORE_CLIENT}`,
    lag.loopDelayP99Ms > maxLagMs &&
      `the client's event loop came late to its work: p99 ${lag.loopDelayP99Ms.toFixed(1)} ms, ${bound}; ${MORE_CLIENT}`,
    // Nothing comes later than the run is long, so a bound above that is passed by no client.
    sendingMs >= Math.max(SHORTEST_FOR_BUSY_MS, maxLagMs) &&
      lag.busy > MOST_BUSY &&
      `the client's event loop was busy ${(lag.busy * 100).toFixed(1)} % of the time, more than ${MOST_BUSY * 100} %; ${MORE_CLIENT}`,
    heldP99 > maxLagMs &&
      `the client's own rate limits held turns back: p99 ${heldP99.toFixed(1)} ms, ${bound}; ask for a lower rate, or lift them (--ignore-limits) where AWS allows more`,
    stoppedBy === undefined &&
      unsent > Math.floor(LEAST_UNSENT * (turns.length + unsent)) &&
      `the client's own rate limits held ${unsent} of ${turns.length + unsent} planned turns back until the run was over; ask for a lower rate, or lift them (--ignore-limits) where AWS allows more`,
    turns.length > 0 &&
      clients.length === 0 &&
      'nothing is known of how late the client itself was: the run broke off before it was written down',
  ].filter((reason) => reason !== false);
  return reasons.length === 0 ? { valid: true as const, lag } : { valid: false as const, lag, reasons };
}

/** With few values it is the largest: one late turn of twenty is in their p95. */
function p99Of(values: readonly number[]): number {
  return percentileOf(Float64Array.from(values).sort(), 99) ?? 0;
}

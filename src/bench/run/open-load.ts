import { planArrivals } from './arrivals.ts';
import type { SourceContext } from './load-source.ts';
import { createOutstanding } from './outstanding.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Begins this worker's share of the planned conversations, each at its time, whatever becomes of those before. What is overdue
 * begins at once, after the end of the plan's time, too: nothing that was planned is left out.
 */
export async function runOpenLoad(context: SourceContext): Promise<void> {
  const { plan, worker, clock, sending, interrupted, begin } = context;
  const unsent = createOutstanding();
  let number = 0;
  for (const { plannedMs, hop, pair, turns } of planArrivals(plan)) {
    const isOurs = number % worker.count === worker.index;
    number += 1;
    if (!isOurs) continue;
    if (plannedMs > clock.now()) await waitUntil(plannedMs, clock, interrupted);
    if (interrupted.aborted) return;
    const phase = plannedMs < plan.warmupMs ? 'warmup' : 'measured';
    unsent.add(turns);
    void begin({ hop, pair, phase, turns, plannedMs, onTurnSent: unsent.done });
  }
  if (!sending.aborted) await unsent.none();
}

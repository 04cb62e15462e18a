import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import type { SourceContext } from './load-source.ts';
import { createOutstanding } from './outstanding.ts';
import { createRandom, shuffled } from './seeded-random.ts';
import { vuSteps } from './vu-steps.ts';
import { waitUntil } from './wait-until.ts';
import { shareOf } from './worker-share.ts';

/**
 * Runs this worker's share of the virtual users. Each goes round and round: a conversation with each hop in random order, one after
 * another. One that is not wanted any more ends its round first (k6: an iteration).
 */
export async function runClosedLoad(context: SourceContext): Promise<void> {
  const { plan, worker, clock, sending, begin } = context;
  const { load, hops, conversations, warmupMs } = plan;
  const random = createRandom(plan.seed + worker.index);
  const unsent = createOutstanding();
  const running = new Set<number>();
  const allBegun = new AbortController();
  let wanted = 0;
  let rounds = 0;
  /** Turns to each hop that are still to be begun. */
  let left = load.turns === undefined ? Infinity : shareOf(load.turns, worker);

  const goRound = async (): Promise<void> => {
    const pair = rounds * worker.count + worker.index;
    rounds += 1;
    const isMeasured = clock.now() >= warmupMs;
    const prompts = plan.probe ? 1 : (conversations[pair % conversations.length]?.length ?? 1);
    const turns = isMeasured ? Math.min(prompts, left) : prompts;
    // For all hops at once: a round that is begun is sent whole.
    if (isMeasured) left -= turns;
    unsent.add(turns * hops.length);
    if (left === 0) allBegun.abort();
    const phase = isMeasured ? 'measured' : 'warmup';
    for (const hop of shuffled(hops, random)) {
      if (sending.aborted) return;
      await begin({ hop, pair, phase, turns, onTurnSent: unsent.done });
    }
  };
  const run = async (user: number): Promise<void> => {
    const isWanted = (): boolean => user < wanted && left > 0 && !sending.aborted;
    running.add(user);
    while (isWanted()) await goRound();
    running.delete(user);
  };

  if (left === 0) return;
  const until = AbortSignal.any([sending, allBegun.signal]);
  for (const { atMs, vus } of vuSteps(plan)) {
    if (!(await waitUntil(atMs, clock, until))) break;
    wanted = shareOf(vus, worker);
    for (let user = 0; user < wanted && !until.aborted; user += 1) {
      if (running.has(user)) continue;
      void run(user);
      // Hundreds that connect in one turn of the event loop would wait for each other, and be measured so.
      await nextTurnOfLoop();
    }
  }
  await waitUntil(Infinity, clock, until);
  if (!sending.aborted) await unsent.none();
}

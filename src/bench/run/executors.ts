import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import { waitUntil } from './run-clock.ts';
import { createRandom, planArrivals, promptsIn, shuffled, vuSteps } from './schedule.ts';
import type { PlannedConversation, TurnSenderOptions } from './turn-sender.ts';
import { shareOf } from './worker-share.ts';

/** Counts outstanding turns. */
export function createOutstanding() {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    add(more: number) {
      count += more;
    },
    done() {
      count -= 1;
      if (count > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    /** Settles once no turn is outstanding. */
    none() {
      return count === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** Input of an executor (k6's word). It settles when all counted turns have been sent, or when it will begin no more. */
interface ExecutorContext extends Pick<TurnSenderOptions, 'plan' | 'worker' | 'clock' | 'sending'> {
  /** Aborted when the run is given up before its end. */
  readonly interrupted: AbortSignal;
  /** Settles when the conversation is over, and never rejects. */
  readonly begin: (conversation: PlannedConversation) => Promise<void>;
}

/** Each begins at its time, whatever became of earlier ones. Overdue ones begin at once, even after the plan's time is up. */
export async function runOpenLoad(context: ExecutorContext): Promise<void> {
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

/** Runs a share of the virtual users, each through all hops in random order; one that is not wanted ends its round (k6) first. */
export async function runClosedLoad(context: ExecutorContext): Promise<void> {
  const { plan, worker, clock, sending, begin } = context;
  const { load, hops, warmupMs } = plan;
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
    const prompts = promptsIn(plan, pair);
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

import { setMaxListeners } from 'node:events';
import { runClosedLoad, runOpenLoad } from './executors.ts';
import { levelAt, levelSegments, sendingEndMs } from './schedule.ts';
import { createLoopWatch } from './loop-watch.ts';
import type { BenchPlan } from './plan.ts';
import { createRunClock, waitUntil } from './run-clock.ts';
import { createTurnSender, type PlannedConversation, type TurnSenderOptions } from './turn-sender.ts';
import { shareOf } from './worker-share.ts';
import { createTraceKeeper } from './read-trace.ts';

/** One thread's share of a running load. */
export type LoadRun = ReturnType<typeof runLoad>;
export type LoadResult = Awaited<LoadRun['result']>;
/** Progress of a run, for the live view. */
export type LoadProgress = Readonly<ReturnType<LoadRun['progress']>>;

export interface LoadOptions extends Pick<TurnSenderOptions, 'driver' | 'worker' | 'onTurn'> {
  /** When the load starts, as `monotonicNow` tells it: one moment for all threads. */
  readonly startAt: number;
  /** Aborted: nothing more is sent, what is in flight ends as `cancelled`. */
  readonly signal: AbortSignal;
}

/** Warm-up, stages, the grace for what is in flight, the end of the sessions. Each turn that was sent comes out as one record. */
export function runLoad(plan: BenchPlan, options: LoadOptions) {
  const { driver, worker, startAt, signal, onTurn } = options;
  const clock = createRunClock(startAt);
  const segments = levelSegments(plan);
  const endMs = sendingEndMs(segments);
  const keeper = createTraceKeeper();
  const sending = new AbortController();
  const giveUp = new AbortController();
  // Each turn that a pace holds back listens.
  setMaxListeners(0, sending.signal);
  const conversations = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  const sender = createTurnSender({ plan, driver, clock, worker, sending: sending.signal, onTurn, onTrace: keeper.offer });
  const interrupt = (): void => {
    sender.cutOff('cancelled');
    giveUp.abort();
    sending.abort();
  };
  const begin = (conversation: PlannedConversation): Promise<void> => {
    const over = sender
      .converse(conversation)
      .catch((error: unknown) => {
        failure ??= { error };
        interrupt();
      })
      .finally(() => conversations.delete(over));
    conversations.add(over);
    return over;
  };
  const send = async (): Promise<void> => {
    const source = plan.load.model === 'open' ? runOpenLoad : runClosedLoad;
    const begun = source({ plan, worker, clock, sending: sending.signal, interrupted: giveUp.signal, begin });
    const end = waitUntil(endMs, clock, sending.signal);
    await (plan.load.turns === undefined ? end : Promise.race([begun, end]));
    sending.abort();
    await begun;
  };
  const drain = async (): Promise<void> => {
    const allOver = new AbortController();
    void waitUntil(clock.now() + plan.graceMs, clock, allOver.signal).then((isTooLong) => {
      if (isTooLong) sender.cutOff('unfinished');
    });
    await Promise.all(conversations);
    allOver.abort();
  };
  const run = async () => {
    const watch = createLoopWatch();
    const watching = waitUntil(plan.warmupMs, clock, sending.signal).then((isMeasured) => {
      if (isMeasured) watch.start();
      return isMeasured;
    });
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    await send();
    // By number, the run ends with the last turn that is sent; by time, with the time.
    const sentMs = plan.load.turns === undefined ? clock.now() : sender.counts.lastSentMs;
    if (await watching) watch.start();
    await drain();
    const client = watch.stop();
    signal.removeEventListener('abort', interrupt);
    const sessions = await sender.stopSessions();
    if (failure) throw failure.error;
    return {
      client,
      sessions,
      /** How long turns were being sent, warm-up not counted, ms. */
      sendingMs: Math.max(0, sentMs - plan.warmupMs),
      /** To the end of the last turn, ms. */
      durationMs: sender.counts.lastEndMs,
      /** Planned turns of an open load that were never sent, since the rate limits held them back until the run was over. */
      unsent: sender.counts.unsent,
      traces: keeper.kept(),
    };
  };

  return {
    /** @throws what the driver or `onTurn` threw, which is a bug; the turns in flight are ended then */
    result: run(),
    /** Progress of this share; `level` is that of the whole run. */
    progress() {
      const { sent, inFlight, measured } = sender.counts;
      const elapsedMs = Math.max(0, clock.now());
      const turns = shareOf(plan.load.turns ?? 0, worker) * plan.hops.length;
      const phase = elapsedMs < plan.warmupMs ? ('warmup' as const) : ('measured' as const);
      return {
        phase: sending.signal.aborted ? ('draining' as const) : phase,
        /** Since the start of the load, ms. */
        elapsedMs,
        /** Share of the plan that is done, 0 to 1: of its time or of its turns. */
        done: Math.min(1, Math.max(elapsedMs / endMs, turns === 0 ? 0 : measured / turns)),
        /** Virtual users, or turns per second, at this moment. */
        level: levelAt(segments, elapsedMs),
        sent,
        inFlight,
      };
    },
  };
}

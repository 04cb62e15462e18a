import { createLoopWatch } from '../run/loop-watch.ts';
import type { LoadOptions, LoadResult } from '../run/run-load.ts';
import type { SessionCounts, TurnRecord } from '../run/turn-record.ts';
import { createOutstanding } from '../run/executors.ts';
import type { BenchPlan } from '../run/plan.ts';
import { createRunClock, monotonicNow, waitUntil } from '../run/run-clock.ts';
import { createTurnSender } from '../run/turn-sender.ts';
import { nextWantedMs, promptsIn, vuSteps } from '../run/schedule.ts';
import type { PhasePlan } from './plan-phases.ts';

/** The load of one Artillery thread. Artillery decides when virtual users arrive, the engine of `bench` what they send. */
export type ThreadRun = ReturnType<typeof createThreadRun>;

type OnBad = (outcome: TurnRecord['outcome']) => void;

export interface ThreadRunOptions extends Pick<LoadOptions, 'driver' | 'onTurn'> {
  readonly phases: PhasePlan;
  /** Threads of this machine; each keeps its share of the rate limits. */
  readonly threads: number;
  /** Called when no virtual user is left, and awaited before the last one ends: Artillery ends its threads then. */
  readonly onEnd: (sessions: SessionCounts) => Promise<void>;
}

/** How late the last virtual users of an open load may come: Artillery's timers do not keep to a schedule. */
const LATE_MS = 1_000;

export function createThreadRun(plan: BenchPlan, options: ThreadRunOptions) {
  const { driver, phases, threads, onTurn, onEnd } = options;
  const { load, warmupMs, graceMs } = plan;
  const clock = createRunClock(monotonicNow());
  const lateMs = load.model === 'open' ? LATE_MS : 0;
  const worker = { index: 0, count: threads, firstIndex: 0 };
  const watch = createLoopWatch();
  const steps = vuSteps(plan);
  const unsent = createOutstanding();
  const allBegun = new AbortController();
  const sending = new AbortController();
  const allGone = new AbortController();
  /** Listeners of the conversations in flight, by conversation number. */
  const listeners = new Map<number, OnBad>();
  const counts = { here: 0, users: 0, begun: 0, left: load.turns ?? Infinity };
  let lastBegunMs = 0;
  let onArrival = (): void => undefined;

  const sender = createTurnSender({
    plan,
    driver,
    clock,
    worker,
    sending: sending.signal,
    onTurn(record) {
      if (record.outcome !== 'ok') listeners.get(record.pair)?.(record.outcome);
      onTurn(record);
    },
    // No report shows single streams here, so their memory goes to the next.
    onTrace: (_record, trace) => trace.drop(),
  });
  const converse = async (onBad: OnBad): Promise<void> => {
    const pair = counts.begun;
    counts.begun += 1;
    lastBegunMs = clock.now();
    const phase = lastBegunMs < warmupMs ? 'warmup' : 'measured';
    const prompts = promptsIn(plan, pair);
    const turns = phase === 'measured' ? Math.min(prompts, counts.left) : prompts;
    if (phase === 'measured') counts.left -= turns;
    unsent.add(turns);
    if (counts.left === 0 || counts.begun === phases.conversations) allBegun.abort();
    listeners.set(pair, onBad);
    await sender.converse({ hop: 'api', pair, phase, turns, onTurnSent: unsent.done });
    listeners.delete(pair);
  };
  const goRound = async (user: number, onBad: OnBad): Promise<void> => {
    while (counts.left > 0) {
      const wantedMs = nextWantedMs(steps, user, clock.now());
      if (wantedMs === Infinity) return;
      if (!(await waitUntil(wantedMs, clock, sending.signal)) || counts.left === 0) return;
      await converse(onBad);
    }
  };

  const watchEnd = async (): Promise<void> => {
    const end = waitUntil(phases.endMs + lateMs, clock, allGone.signal);
    const begunAndSent = waitUntil(Infinity, clock, AbortSignal.any([allBegun.signal, allGone.signal])).then(() => unsent.none());
    await Promise.race([end, begunAndSent]);
    const overMs = clock.now();
    sending.abort();
    const graceEndMs = (): number => Math.max(overMs, lastBegunMs) + graceMs;
    while (clock.now() < graceEndMs()) {
      if (!(await waitUntil(graceEndMs(), clock, allGone.signal))) return;
    }
    sender.cutOff('unfinished');
  };
  /** Settles when another comes, or when no other can be expected. */
  const anotherCame = async (): Promise<void> => {
    const came = new AbortController();
    onArrival = () => came.abort();
    const isExpected = AbortSignal.any([came.signal, sending.signal]);
    await waitUntil(phases.arrivalsMs + lateMs, clock, isExpected);
  };
  /** The last user stays until no other is expected, because it has to stop the sessions. */
  const leave = async (): Promise<void> => {
    counts.here -= 1;
    if (counts.here === 0) await anotherCame();
    if (counts.here > 0) return;
    allGone.abort();
    await onEnd(await sender.stopSessions());
  };

  void watchEnd();
  void waitUntil(warmupMs, clock, sending.signal).then((isMeasured) => {
    if (isMeasured) watch.start();
  });

  return {
    /** One conversation of an open load, many of a closed one. The last user stops the sessions. @param onBad gets bad outcomes */
    async user(onBad: OnBad): Promise<void> {
      const user = counts.users;
      counts.users += 1;
      counts.here += 1;
      onArrival();
      try {
        await (load.model === 'open' ? converse(onBad) : goRound(user, onBad));
      } finally {
        await leave();
      }
    },
    progress(): Pick<LoadResult, 'durationMs' | 'sendingMs' | 'client'> {
      const { lastSentMs, lastEndMs } = sender.counts;
      const now = clock.now();
      const plannedMs = sending.signal.aborted ? Math.max(phases.endMs, lastSentMs) : now;
      const sentMs = load.turns === undefined ? plannedMs : lastSentMs;
      return { durationMs: lastEndMs, sendingMs: Math.max(0, sentMs - warmupMs), client: watch.read() };
    },
  };
}

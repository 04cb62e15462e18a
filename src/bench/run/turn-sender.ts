import type { Hop } from '../../stream/stream-part.ts';
import { shareOf, type WorkerShare } from './worker-share.ts';
import { answerFacts, isSessionFit, type LoadDriver, mayHoldSession, type SentTurn } from './load-driver.ts';
import type { BenchPlan } from './plan.ts';
import { roundTimes, type RunClock, waitUntil } from './run-clock.ts';
import { createSessionPool, createSessionStops, type PooledSession } from './sessions.ts';
import type { TurnPhase } from './turn-kinds.ts';
import type { SessionCounts, TurnRecord } from './turn-record.ts';
import type { TraceKeeper } from './read-trace.ts';

export interface PlannedConversation {
  readonly hop: Hop;
  readonly pair: number;
  readonly phase: TurnPhase;
  /** How many of its turns are sent. */
  readonly turns: number;
  /** Planned time of its first turn, in an open load. */
  readonly plannedMs?: number;
  /** Called once for each of its turns: when it has been sent, or never will be. */
  readonly onTurnSent: () => void;
}

export interface TurnSenderOptions {
  readonly plan: BenchPlan;
  readonly driver: LoadDriver;
  readonly clock: RunClock;
  readonly worker: WorkerShare;
  /** Aborted when no more turns may be sent: the run was given up, or the plan's time is up. */
  readonly sending: AbortSignal;
  /** Told of each turn as soon as it is over, and of what it failed of. */
  readonly onTurn: (record: TurnRecord, failure?: SentTurn['failure']) => void;
  /** Takes or drops it. */
  readonly onTrace: TraceKeeper['offer'];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Sends conversations in their sessions, within the rate limits, and records each turn. */
export function createTurnSender(options: TurnSenderOptions) {
  const { plan, driver, clock, worker, sending } = options;
  const pool = createSessionPool(plan.session, worker);
  const stops = createSessionStops(driver, plan.keepsSessions);
  const { turnsPerSecond, newSessionsPerMinute } = plan.paces;
  const turnLimit = createRateLimit(rateLimitShare(turnsPerSecond, worker), SECOND_MS);
  const sessionLimit = createRateLimit(rateLimitShare(newSessionsPerMinute, worker), MINUTE_MS);
  const flights = new Set<AbortController>();
  let cutAs: 'cancelled' | 'unfinished' = 'unfinished';
  let isCut = false;
  let made = 0;
  const counts = {
    sent: 0,
    inFlight: 0,
    /** Measured turns among those sent. */
    measured: 0,
    /** When the last turn so far was sent, and the last was over, ms since the start of the run. */
    lastSentMs: 0,
    lastEndMs: 0,
    /** Turns that were planned for a time of their own and never sent: the run was over while a rate limit held them back. */
    unsent: 0,
  };

  /** Waits until both rate limits allow it. @returns when that was; undefined when the run was over before */
  const hold = async (wantedMs: number, opensSession: boolean): Promise<number | undefined> => {
    const waits = async (ms: number): Promise<boolean> => ms <= clock.now() || (await waitUntil(ms, clock, sending));
    const openMs = opensSession ? sessionLimit.reserve(wantedMs) : wantedMs;
    if (openMs > wantedMs && !(await waits(openMs))) return undefined;
    const dueMs = turnLimit.reserve(openMs);
    return dueMs === wantedMs || (await waits(dueMs)) ? dueMs : undefined;
  };
  const leaveOut = ({ plannedMs, onTurnSent }: PlannedConversation): void => {
    onTurnSent();
    if (plannedMs !== undefined) counts.unsent += 1;
  };
  const fly = async ({ hop, phase }: PlannedConversation, prompt: string, sessionId = ''): Promise<SentTurn> => {
    const flight = new AbortController();
    flights.add(flight);
    counts.sent += 1;
    counts.inFlight += 1;
    if (phase === 'measured') counts.measured += 1;
    counts.lastSentMs = clock.now();
    try {
      const turn = plan.probe ? { hop, probe: plan.probe } : { hop, prompt, sessionId };
      return await driver.send(turn, flight.signal);
    } finally {
      counts.inFlight -= 1;
      flights.delete(flight);
      counts.lastEndMs = clock.now();
    }
  };

  /** Leaves no record of a turn that was not sent. @returns whether the session is fit for another conversation */
  const sendTurn = async (
    conversation: PlannedConversation,
    prompt: string,
    session: PooledSession | undefined,
    plannedMs: number | undefined,
  ): Promise<boolean> => {
    const { hop, pair, phase } = conversation;
    const wantedMs = plannedMs ?? clock.now();
    const kind = session?.beginTurn() ?? 'warm';
    const dueMs = await hold(wantedMs, kind === 'new-session');
    if (dueMs === undefined || isCut) {
      session?.endTurn(false);
      leaveOut(conversation);
      return true;
    }
    conversation.onTurnSent();
    const turn = await fly(conversation, prompt, session?.id);
    session?.endTurn(mayHoldSession(turn));
    if (turn.sentAt === undefined && turn.metrics.outcome === 'cancelled') {
      // It was still being signed.
      counts.sent -= 1;
      if (phase === 'measured') counts.measured -= 1;
      return true;
    }
    // A turn that failed before it was sent counts as sent when it was due.
    const sentMs = turn.sentAt === undefined ? dueMs : clock.ofStamp(turn.sentAt);
    const facts = answerFacts(turn);
    const record: TurnRecord = roundTimes({
      index: worker.firstIndex + made * worker.count + worker.index,
      phase,
      hop,
      class: facts.initMs === undefined ? kind : 'cold',
      pair,
      ...(session && { session: session.number }),
      ...(plannedMs !== undefined && { plannedMs }),
      sentMs,
      latenessMs: Math.max(0, sentMs - dueMs),
      heldMs: dueMs - wantedMs,
      outcome: facts.metrics.outcome === 'cancelled' ? cutAs : facts.metrics.outcome,
      ...facts,
    });
    made += 1;
    options.onTurn(record, turn.failure);
    if (turn.trace && phase === 'measured') options.onTrace(record, turn.trace);
    else turn.trace?.drop();
    return isSessionFit(turn);
  };

  return {
    /** Settles when its last turn is over. @throws for a bug of the driver only */
    async converse(conversation: PlannedConversation): Promise<void> {
      const { hop, pair, turns, plannedMs } = conversation;
      const prompts = plan.conversations[pair % plan.conversations.length] ?? [];
      const session = plan.probe ? undefined : pool.take(hop, clock.now());
      let isFit = true;
      for (let turn = 0; turn < turns; turn += 1) {
        if (turn > 0 && sending.aborted) leaveOut(conversation);
        else {
          const planned = turn === 0 ? plannedMs : undefined;
          isFit = await sendTurn(conversation, prompts[turn] ?? '', session, planned);
        }
      }
      if (!session) return;
      stops.add(pool.giveBack(session, clock.now(), isFit));
    },
    /** Ends what is in flight. @param as what its turns are written down */
    cutOff(as: typeof cutAs): void {
      cutAs = as;
      isCut = true;
      for (const flight of flights) flight.abort();
    },
    /** Stops what sessions are left, as far as it can. Never rejects. */
    stopSessions(): Promise<SessionCounts> {
      stops.add(pool.takeAll());
      return stops.settled();
    },
    counts: counts as Readonly<typeof counts>,
  };
}

/** A bound is kept in windows of a tenth, so that a run does not begin with all of it at once. */
const WINDOWS = 10;

/**
 * A sliding window that keeps a rate below a bound: at most `count` moments within any `windowMs`, and (from a count of ten on) at
 * most a tenth of them within a tenth of it.
 * @param count undefined: no bound. Below 1 the window is so much longer; a fraction above is left out
 * @returns `reserve` takes a wanted moment, ascending as a rule, and gives the earliest one from then on that keeps the bound
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

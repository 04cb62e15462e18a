import { randomUUID } from 'node:crypto';
import type { LoadDriver } from './load-driver.ts';
import type { SessionPolicy } from './plan.ts';
import type { TurnClass } from './turn-kinds.ts';
import type { SessionCounts } from './turn-record.ts';
import type { WorkerShare } from './worker-share.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { sumOf } from '../../stream/distribution.ts';

/** A session of one hop. */
export class PooledSession {
  readonly id = randomUUID();
  readonly hop: Hop;
  /** Unique within the run. */
  readonly number: number;
  isOpen = false;
  /** It is used again after a rest: the turn that is sent next is `resumed`. */
  isRested = false;
  #inFlight = 0;

  constructor(hop: Hop, number: number) {
    this.hop = hop;
    this.number = number;
  }

  /** Class of the turn that is sent next; the function's own start is not known here. Each call is one turn. */
  beginTurn(): Exclude<TurnClass, 'cold'> {
    this.#inFlight += 1;
    if (!this.isOpen && this.#inFlight === 1) return 'new-session';
    if (!this.isRested) return 'warm';
    this.isRested = false;
    return 'resumed';
  }

  /** @param hasReached the server may hold the session since */
  endTurn(hasReached: boolean): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.isOpen ||= hasReached;
  }
}

/** Gives each conversation of one worker its session. `fixed` is for a run with one worker: each would have sessions of its own. */
export function createSessionPool(policy: SessionPolicy, worker: WorkerShare) {
  const fixed = new Map<Hop, PooledSession>();
  /** Longest free first. */
  let free: { readonly session: PooledSession; readonly fromMs: number }[] = [];
  let made = 0;

  const makeSession = (hop: Hop): PooledSession => {
    const number = worker.firstIndex + made * worker.count + worker.index;
    made += 1;
    return new PooledSession(hop, number);
  };

  return {
    /** A session for one conversation. @param nowMs since the start of the run */
    take(hop: Hop, nowMs: number): PooledSession {
      const place = free.findIndex(({ session, fromMs }) => session.hop === hop && fromMs <= nowMs);
      const [taken] = place === -1 ? [] : free.splice(place, 1);
      const known = fixed.get(hop) ?? taken?.session;
      const session = known ?? makeSession(hop);
      if (policy.type === 'fixed') fixed.set(hop, session);
      if (policy.type === 'resume') session.isRested = session === known;
      return session;
    },
    /** The conversation is over. @param isFit whether another may follow @returns the session if none comes back to it */
    giveBack(session: PooledSession, nowMs: number, isFit: boolean): PooledSession[] {
      if (policy.type === 'fixed') return [];
      session.isRested = false;
      if (policy.type === 'new' || !isFit) return [session];
      const fromMs = nowMs + (policy.type === 'resume' && session.isOpen ? policy.restMs : 0);
      free.push({ session, fromMs });
      return [];
    },
    takeAll() {
      const sessions = [...free.map(({ session }) => session), ...fixed.values()];
      free = [];
      fixed.clear();
      return sessions;
    },
  };
}

/** The counts of several threads, runs or machines in one. */
export function addSessions(parts: readonly SessionCounts[]): SessionCounts {
  const sum = (name: keyof SessionCounts): number => sumOf(parts, (counts) => counts[name]);
  return { opened: sum('opened'), stopped: sum('stopped'), left: sum('left') };
}

/** Far below AgentCore's own bound for calls, and enough for 400 new sessions a minute. */
const AT_ONCE = 8;

/** Stops sessions beside the load, a few at a time, so that no turn waits for one. @param keepsSessions they are only counted */
export function createSessionStops({ stop }: Pick<LoadDriver, 'stop'>, keepsSessions: boolean) {
  const waiting: PooledSession[] = [];
  const running = new Set<Promise<void>>();
  let stopped = 0;
  let left = 0;

  const stopOne = async ({ hop, id }: PooledSession): Promise<void> => {
    try {
      await stop(hop, id);
      stopped += 1;
    } catch (error) {
      // It had ended before.
      if ((error as { readonly code?: unknown }).code === 'SESSION_NOT_FOUND') stopped += 1;
      else left += 1;
    }
  };
  const work = (): void => {
    while (running.size < AT_ONCE) {
      const session = waiting.shift();
      if (!session) return;
      const stopping = stopOne(session).finally(() => {
        running.delete(stopping);
        work();
      });
      running.add(stopping);
    }
  };

  return {
    add(sessions: readonly PooledSession[]): void {
      // A session that was never opened needs no stop: an endpoint that refuses turns would get as many stops again.
      const opened = sessions.filter(({ isOpen }) => isOpen);
      if (keepsSessions) {
        left += opened.length;
        return;
      }
      waiting.push(...opened);
      work();
    },
    /** Settles when all that were added are stopped, or could not be. Never rejects. */
    async settled(): Promise<SessionCounts> {
      while (running.size > 0) await Promise.race(running);
      return { opened: stopped + left, stopped, left };
    },
  };
}

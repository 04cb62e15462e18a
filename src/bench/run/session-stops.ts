import type { LoadDriver } from './load-driver.ts';
import type { PooledSession } from './session-pool.ts';

/** Stops sessions beside the load, a few at a time, so that no turn waits for one. */
export interface SessionStops {
  add(sessions: readonly PooledSession[]): void;
  /** Settles when all that were added are stopped, or could not be. Never rejects. */
  settled(): Promise<SessionCounts>;
}

/** `opened` is the sum of the others. */
export interface SessionCounts {
  readonly opened: number;
  readonly stopped: number;
  /** Could not be stopped, or were to be kept: they end by themselves. */
  readonly left: number;
}

/** Far below AgentCore's own bound for calls, and enough for 400 new sessions a minute. */
const AT_ONCE = 8;

/** @param keepsSessions nothing is stopped, only counted */
export function createSessionStops(
  { stop }: Pick<LoadDriver, 'stop'>,
  keepsSessions: boolean,
): SessionStops {
  const waiting: PooledSession[] = [];
  const running = new Set<Promise<void>>();
  let stopped = 0;
  let left = 0;

  const stopOne = async ({ hop, id }: PooledSession): Promise<void> => {
    try {
      await stop(hop, id);
      stopped += 1;
    } catch (error) {
      if (isGone(error)) stopped += 1;
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
    add(sessions) {
      // What was never opened needs no stop: against an endpoint that refuses, they would be as many again.
      const opened = sessions.filter(({ isOpen }) => isOpen);
      if (keepsSessions) {
        left += opened.length;
        return;
      }
      waiting.push(...opened);
      work();
    },
    async settled() {
      while (running.size > 0) await Promise.race(running);
      return { opened: stopped + left, stopped, left };
    },
  };
}

/** It had ended before. */
function isGone(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'SESSION_NOT_FOUND';
}

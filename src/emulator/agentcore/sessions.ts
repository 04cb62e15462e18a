import { setTimeout as sleep } from 'node:timers/promises';
import { sessionInProgress } from '../faults/agent-error.ts';
import type { AgentCoreLimits } from './limits.ts';

/** One use of a session: an invocation that is running in it. */
export interface SessionUse {
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /** Resolves when the session's microVM runs, or the session has ended. */
  readonly started: Promise<void>;
  /** Ends the use; the session lives on until it has been idle for long enough. */
  release(): void;
}

/** The runtime sessions of one Region: each stands for a microVM that keeps its state between invocations. */
export interface Sessions {
  /**
   * Starts a use of the session, and the session itself, in a microVM of its own, when there is none.
   * @throws {AwsError} RetryableConflictException (409) when the session is being started, or busy, and does not take another call then
   */
  use(endpointArn: string, sessionId: string): SessionUse;
  /** Ends a session and all that runs in it. @returns false when there is none */
  stop(endpointArn: string, sessionId: string): boolean;
  readonly size: number;
  close(): void;
}

interface Session {
  readonly controller: AbortController;
  readonly expiry: NodeJS.Timeout;
  readonly started: Promise<void>;
  isStarting: boolean;
  idle: NodeJS.Timeout | undefined;
  uses: number;
}

/**
 * @param admit asked before a session starts, with the number of those that there are; throws when it must not
 * @param onStart told of every session that starts
 */
export function createSessions(
  limits: Pick<
    AgentCoreLimits,
    'idleSessionMs' | 'sessionLifetimeMs' | 'coldStartMs' | 'callDuringStart' | 'concurrentCalls'
  >,
  admit: (endpointArn: string, active: number) => void = () => undefined,
  onStart: (endpointArn: string, sessionId: string) => void = () => undefined,
): Sessions {
  const sessions = new Map<string, Session>();

  const end = (key: string): boolean => {
    const session = sessions.get(key);
    if (!session) return false;
    sessions.delete(key);
    clearTimeout(session.expiry);
    clearTimeout(session.idle);
    session.controller.abort();
    return true;
  };
  const start = (key: string): Session => {
    const controller = new AbortController();
    const session: Session = {
      controller,
      expiry: setTimeout(() => end(key), limits.sessionLifetimeMs).unref(),
      started: startMicroVm(limits.coldStartMs, controller.signal),
      isStarting: limits.coldStartMs > 0,
      idle: undefined,
      uses: 0,
    };
    void session.started.then(() => {
      session.isStarting = false;
    });
    sessions.set(key, session);
    return session;
  };
  const refuseConflict = ({ isStarting, uses }: Session): void => {
    const conflicts = isStarting
      ? limits.callDuringStart === 'conflict'
      : uses > 0 && limits.concurrentCalls === 'conflict';
    if (conflicts) throw sessionInProgress();
  };

  return {
    use(endpointArn, sessionId) {
      const key = `${endpointArn} ${sessionId}`;
      const known = sessions.get(key);
      if (known) refuseConflict(known);
      else admit(endpointArn, sessions.size);
      const session = known ?? start(key);
      if (!known) onStart(endpointArn, sessionId);
      session.uses += 1;
      clearTimeout(session.idle);
      return {
        signal: session.controller.signal,
        started: session.started,
        release() {
          session.uses -= 1;
          if (session.uses > 0 || session.controller.signal.aborted) return;
          session.idle = setTimeout(() => end(key), limits.idleSessionMs).unref();
        },
      };
    },
    stop: (endpointArn, sessionId) => end(`${endpointArn} ${sessionId}`),
    get size() {
      return sessions.size;
    },
    close() {
      for (const key of sessions.keys()) end(key);
    },
  };
}

/** Resolves after the time of a cold start, or when the session ends before. */
async function startMicroVm(coldStartMs: number, signal: AbortSignal): Promise<void> {
  if (coldStartMs === 0) return;
  await sleep(coldStartMs, undefined, { signal, ref: false }).catch(() => undefined);
}

import type { AgentCoreLimits } from './limits.ts';

/** One use of a session: an invocation that is running in it. */
export interface SessionUse {
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /** Ends the use; the session lives on until it has been idle for long enough. */
  release(): void;
}

/** The runtime sessions of one Region: each stands for a microVM that keeps its state between invocations. */
export interface Sessions {
  /** Starts a use of the session, and the session itself when there is none. */
  use(endpointArn: string, sessionId: string): SessionUse;
  /** Ends a session and all that runs in it. @returns false when there is none */
  stop(endpointArn: string, sessionId: string): boolean;
  readonly size: number;
  close(): void;
}

interface Session {
  readonly controller: AbortController;
  readonly expiry: NodeJS.Timeout;
  idle: NodeJS.Timeout | undefined;
  uses: number;
}

export function createSessions(
  limits: Pick<AgentCoreLimits, 'idleSessionMs' | 'sessionLifetimeMs'>,
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
    const session: Session = {
      controller: new AbortController(),
      expiry: setTimeout(() => end(key), limits.sessionLifetimeMs).unref(),
      idle: undefined,
      uses: 0,
    };
    sessions.set(key, session);
    return session;
  };

  return {
    use(endpointArn, sessionId) {
      const key = `${endpointArn} ${sessionId}`;
      const session = sessions.get(key) ?? start(key);
      session.uses += 1;
      clearTimeout(session.idle);
      return {
        signal: session.controller.signal,
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

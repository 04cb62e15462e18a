import { setTimeout as sleep } from 'node:timers/promises';
import { sessionInProgress, invalidField } from './errors.ts';
import { type AgentCoreLimits, SESSION_ID } from './limits.ts';
import { randomUUID } from 'node:crypto';
import type { AwsRequest } from '../kernel/service.ts';

/** One use of a session: an invocation that runs in it. */
export interface SessionUse {
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /** Resolves when the session's microVM runs, or the session has ended. */
  readonly started: Promise<void>;
  /** Ends the use; the session lives on until its idle timeout. */
  release(): void;
}

/** The runtime sessions of one Region: each stands for a microVM that keeps its state between invocations. */
export type Sessions = ReturnType<typeof createSessions>;

interface Session {
  readonly controller: AbortController;
  readonly expiry: NodeJS.Timeout;
  readonly started: Promise<void>;
  isStarting: boolean;
  idle: NodeJS.Timeout | undefined;
  uses: number;
}

/**
 * @param admit called before a session starts, with the number of active sessions; throws to refuse it
 * @param onStart called for every session that starts
 */
export function createSessions(
  limits: Pick<
    AgentCoreLimits,
    'idleSessionMs' | 'sessionLifetimeMs' | 'coldStartMs' | 'callDuringStart' | 'concurrentCalls'
  >,
  admit: (endpointArn: string, active: number) => void = () => undefined,
  onStart: (endpointArn: string, sessionId: string) => void = () => undefined,
) {
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
    /**
     * Begins a use of the session; a new session starts in its own microVM.
     * @throws {AwsError} RetryableConflictException (409) when the session is starting or busy, and the limits do not allow another call
     */
    use(endpointArn: string, sessionId: string): SessionUse {
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
    /** Ends a session and every invocation in it. @returns false when the session does not exist */
    stop: (endpointArn: string, sessionId: string): boolean => end(`${endpointArn} ${sessionId}`),
    close(): void {
      for (const key of sessions.keys()) end(key);
    },
  };
}

/** Resolves after the time of a cold start, or earlier when the session ends. */
async function startMicroVm(coldStartMs: number, signal: AbortSignal): Promise<void> {
  if (coldStartMs === 0) return;
  await sleep(coldStartMs, undefined, { signal, ref: false }).catch(() => undefined);
}

export const SESSION_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/**
 * The session of a call; undefined when the header is absent.
 * @throws {AwsError} ValidationException when it is too short, too long or has other characters
 */
export function readSessionId({ headers }: AwsRequest): string | undefined {
  const value = headers[SESSION_HEADER.toLowerCase()];
  if (typeof value !== 'string') return undefined;
  const { minLength, maxLength, pattern } = SESSION_ID;
  const broken =
    value.length < minLength
      ? `Member must have length greater than or equal to ${minLength}`
      : value.length > maxLength
        ? `Member must have length less than or equal to ${maxLength}`
        : pattern.test(value)
          ? undefined
          : `Member must satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`;
  if (broken === undefined) return value;
  throw invalidField(
    'runtimeSessionId',
    `1 validation error detected: Value '${value}' at 'runtimeSessionId' failed to satisfy constraint: ${broken}`,
  );
}

/** The session id that AgentCore generates for a call without one. */
export function newSessionId(): string {
  return randomUUID();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, brokenConstraint, errorType } from '../kernel/aws-error.ts';
import { invalidField, sessionInProgress } from './errors.ts';
import { activeSessionsOf, type AgentCoreLimits, SESSION_ID } from './limits.ts';
import type { AwsRequest } from '../kernel/service.ts';
import { createTokenBuckets } from '../kernel/rate-limit.ts';

/** The runtime sessions of one Region: each stands for a microVM that keeps its state between invocations. */
export type Sessions = ReturnType<typeof createSessions>;

/** One use of a session: an invocation that runs in it. */
export type SessionUse = ReturnType<Sessions['use']>;

type Session = ReturnType<typeof openSession>;

/** @param onExpire called at the end of its life */
function openSession(limits: Pick<AgentCoreLimits, 'sessionLifetimeMs' | 'coldStartMs'>, onExpire: () => void) {
  const controller = new AbortController();
  const options = { signal: controller.signal, ref: false };
  return {
    controller,
    expiry: setTimeout(onExpire, limits.sessionLifetimeMs).unref(),
    // The microVM has started after the time of a cold start, or the session ends earlier.
    started: limits.coldStartMs === 0 ? Promise.resolve() : sleep(limits.coldStartMs, undefined, options).catch(() => undefined),
    isStarting: limits.coldStartMs > 0,
    idle: undefined as NodeJS.Timeout | undefined,
    uses: 0,
  };
}

/** @param admit called with the number of active sessions before one starts; throws to refuse it. @param onStart called after */
export function createSessions(
  limits: Pick<AgentCoreLimits, 'idleSessionMs' | 'sessionLifetimeMs' | 'coldStartMs' | 'callDuringStart' | 'concurrentCalls'>,
  admit: (endpointArn: string, active: number) => void,
  onStart: (endpointArn: string, sessionId: string) => void,
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
    const session = openSession(limits, () => end(key));
    void session.started.then(() => (session.isStarting = false));
    sessions.set(key, session);
    return session;
  };
  const refuseConflict = ({ isStarting, uses }: Session): void => {
    const conflicts = isStarting ? limits.callDuringStart === 'conflict' : uses > 0 && limits.concurrentCalls === 'conflict';
    if (conflicts) throw sessionInProgress();
  };

  return {
    /** Begins a use of a session, new or known. @throws {AwsError} RetryableConflictException (409) while it starts or is busy */
    use(endpointArn: string, sessionId: string) {
      const key = `${endpointArn} ${sessionId}`;
      const known = sessions.get(key);
      if (known) refuseConflict(known);
      else admit(endpointArn, sessions.size);
      const session = known ?? start(key);
      if (!known) onStart(endpointArn, sessionId);
      session.uses += 1;
      clearTimeout(session.idle);
      return {
        /** Aborted when the session ends. */
        signal: session.controller.signal,
        /** Resolves when the session's microVM runs, or the session has ended. */
        started: session.started,
        /** Ends the use; the session lives on until its idle timeout. */
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

/** Quotas of one account and Region. */
export type Quotas = ReturnType<typeof createQuotas>;

const throttled = errorType('ThrottlingException', 429);

/** Token buckets of one second or minute; AWS does not document the size of a burst. @param now monotonic, ms */
export function createQuotas(
  limits: Pick<AgentCoreLimits, 'callsPerSecond' | 'newSessionsPerMinute' | 'activeSessions'>,
  region: string,
  now: () => number = () => performance.now(),
) {
  const { callsPerSecond, newSessionsPerMinute } = limits;
  const activeSessions = limits.activeSessions ?? activeSessionsOf(region);
  const buckets = createTokenBuckets(now);
  return {
    /** @throws {AwsError} ThrottlingException (429) when there are too many calls of the operation */
    admitCall(operation: string, runtimeArn: string): void {
      const rates = { rate: callsPerSecond, burst: callsPerSecond };
      if (!buckets.take(`${operation} ${runtimeArn}`, rates)) throw throttled('Rate exceeded');
    },
    /** @throws {AwsError} ThrottlingException (429) for too many new sessions, ServiceQuotaExceededException (402) for active ones */
    admitSession(endpointArn: string, active: number): void {
      if (active >= activeSessions) {
        const message = `Maximum number of active sessions exceeded (maxVms): ${activeSessions}`;
        throw new AwsError('ServiceQuotaExceededException', 402, message);
      }
      const rates = { rate: newSessionsPerMinute / 60, burst: newSessionsPerMinute };
      if (!buckets.take(`start ${endpointArn}`, rates)) throw throttled('Rate exceeded');
    },
  };
}

export const SESSION_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/** The session of a call; undefined without the header. @throws {AwsError} ValidationException for a malformed id */
export function readSessionId({ headers }: AwsRequest): string | undefined {
  const value = headers[SESSION_HEADER.toLowerCase()];
  if (typeof value !== 'string') return undefined;
  const { minLength, maxLength, pattern } = SESSION_ID;
  const broken = (rule: string) => invalidField('runtimeSessionId', brokenConstraint('runtimeSessionId', `'${value}'`, rule));
  if (value.length < minLength) throw broken(`have length greater than or equal to ${minLength}`);
  if (value.length > maxLength) throw broken(`have length less than or equal to ${maxLength}`);
  if (!pattern.test(value)) throw broken(`satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`);
  return value;
}

import { AwsError } from '../kernel/aws-error.ts';
import { createTokenBucket, type TokenBucket } from '../kernel/token-bucket.ts';
import { type AgentCoreLimits, activeSessionsOf } from './limits.ts';

/** Counts the calls of one account and Region. */
export interface Quotas {
  /** @throws {AwsError} ThrottlingException (429) when there are too many calls of the operation */
  admitCall(operation: string, runtimeArn: string): void;
  /**
   * @param active sessions that there are already
   * @throws {AwsError} ThrottlingException (429) when too many begin, ServiceQuotaExceededException (402) when there are too many
   */
  admitSession(endpointArn: string, active: number): void;
}

/**
 * Token buckets that hold what one unit of the quota's time allows: how far AWS lets a burst go is not documented.
 * @param now monotonic, ms
 */
export function createQuotas(
  limits: Pick<AgentCoreLimits, 'callsPerSecond' | 'newSessionsPerMinute' | 'activeSessions'>,
  region: string,
  now: () => number = () => performance.now(),
): Quotas {
  const { callsPerSecond, newSessionsPerMinute } = limits;
  const activeSessions = limits.activeSessions ?? activeSessionsOf(region);
  const calls = new Map<string, TokenBucket>();
  const starts = new Map<string, TokenBucket>();

  const take = (
    buckets: Map<string, TokenBucket>,
    key: string,
    rates: { rate: number; burst: number },
  ): boolean => {
    const bucket = buckets.get(key) ?? createTokenBucket(rates, now);
    buckets.set(key, bucket);
    return bucket.take();
  };

  return {
    admitCall(operation, runtimeArn) {
      const rates = { rate: callsPerSecond, burst: callsPerSecond };
      if (!take(calls, `${operation} ${runtimeArn}`, rates)) throw throttled();
    },
    admitSession(endpointArn, active) {
      if (active >= activeSessions) {
        throw new AwsError(
          'ServiceQuotaExceededException',
          402,
          `Maximum number of active sessions exceeded (maxVms): ${activeSessions}`,
        );
      }
      const rates = { rate: newSessionsPerMinute / 60, burst: newSessionsPerMinute };
      if (!take(starts, endpointArn, rates)) throw throttled();
    },
  };
}

function throttled(): AwsError {
  return new AwsError('ThrottlingException', 429, 'Rate exceeded');
}

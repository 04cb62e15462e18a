import { AwsError, errorType } from '../kernel/aws-error.ts';
import { createTokenBuckets } from '../kernel/rate-limit.ts';
import { type AgentCoreLimits, activeSessionsOf } from './limits.ts';

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

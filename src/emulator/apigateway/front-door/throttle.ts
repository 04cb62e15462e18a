import { GatewayError } from './gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import type { Stage } from '../records/stage.ts';
import type { Quota, UsagePlan } from '../records/usage-plan.ts';
import { createTokenBuckets, type Rates } from '../../kernel/rate-limit.ts';

/** A request that has been authorized. */
interface ThrottledRequest {
  readonly apiId: string;
  readonly stage: Stage;
  /** Path of the deployed resource, with its `{parameters}`. */
  readonly resourcePath: string;
  readonly httpMethod: string;
  /** The API key of the request, and its usage plan. */
  readonly client: { readonly plan: UsagePlan; readonly keyId: string } | undefined;
}

/** Counts the requests of one account and Region. */
export type Throttle = ReturnType<typeof createThrottle>;

/**
 * Takes from token buckets in API Gateway's order (developer guide, "Throttle requests to your REST APIs"): that of the key in its
 * usage plan, of the method in its stage, of the account. Rates that are not set are the account's. A throttled request does not
 * count towards a quota; AWS does not document that.
 * @param time.now monotonic, ms
 * @param time.today current date
 */
export function createThrottle(
  limits: Pick<ApiGatewayLimits, 'accountRateLimit' | 'accountBurstLimit'>,
  time = { now: () => performance.now(), today: () => new Date() },
) {
  const account: Rates = { rate: limits.accountRateLimit, burst: limits.accountBurstLimit };
  const buckets = createTokenBuckets(time.now);
  /** Requests that count towards a quota, by `{plan} {key}` and day (its start in UTC, epoch ms). */
  const used = new Map<string, Map<number, number>>();
  const daysOf = (plan: UsagePlan, keyId: string): Map<number, number> => used.get(`${plan.id} ${keyId}`) ?? new Map();

  const take = (name: string, rates: Rates): void => {
    if (!buckets.take(name, rates)) throw new GatewayError('THROTTLED', 'TooManyRequestsException', 'Too Many Requests');
  };
  /** @returns a function that counts the request, for when no bucket has throttled it */
  const checkQuota = ({ plan, keyId }: NonNullable<ThrottledRequest['client']>): (() => void) => {
    const { quota } = plan;
    if (!quota) return () => undefined;
    const days = daysOf(plan, keyId);
    const today = quotaPeriodStart('DAY', time.today());
    if (usedInPeriod(quota, days, today) >= quota.limit)
      throw new GatewayError('QUOTA_EXCEEDED', 'LimitExceededException', 'Limit Exceeded');
    return () => void used.set(`${plan.id} ${keyId}`, days.set(today, (days.get(today) ?? 0) + 1));
  };

  return {
    /**
     * Usage of a key on each day, `[used, remaining]` of the quota (API reference, GetUsage). Without a quota nothing is counted.
     * @param dates the start of each day in UTC, epoch ms
     */
    usage: (plan: UsagePlan, keyId: string, dates: readonly number[]): (readonly [number, number])[] => {
      const { quota } = plan;
      const days = daysOf(plan, keyId);
      if (!quota) return [];
      return dates.map((day) => [days.get(day) ?? 0, Math.max(0, quota.limit - usedInPeriod(quota, days, day))]);
    },
    /** Counts a request. @throws {GatewayError} 429: the quota of its usage plan is used up, or a bucket is empty */
    admit({ apiId, stage, resourcePath, httpMethod, client }: ThrottledRequest): void {
      const count = client && checkQuota(client);
      const { throttle } = client?.plan ?? {};
      if (client && throttle) {
        const rates = { rate: throttle.rateLimit, burst: throttle.burstLimit };
        take(`plan ${client.plan.id} ${client.keyId}`, rates);
      }
      take(
        `method ${apiId} ${stage.stageName} ${resourcePath} ${httpMethod}`,
        methodRates(stage, resourcePath, httpMethod, account),
      );
      take('account', account);
      count?.();
    },
  };
}

/** Requests from the start of the quota's period up to the end of a day. */
function usedInPeriod(quota: Quota, days: ReadonlyMap<number, number>, day: number): number {
  const since = quotaPeriodStart(quota.period, new Date(day));
  const past = [...days].filter(([each]) => each <= day);
  // "The number of requests subtracted from the given limit in the initial time period" (API reference, QuotaSettings).
  const offset = past.every(([each]) => each >= since) ? quota.offset : 0;
  return past.reduce((sum, [each, count]) => (each >= since ? sum + count : sum), offset);
}

/** The stage's setting for the method, else its setting for all methods, which each method gets a bucket of its own for. */
function methodRates({ methodSettings }: Stage, resourcePath: string, httpMethod: string, account: Rates): Rates {
  // CloudFormation user guide, MethodSetting: slashes within ResourcePath are written ~1.
  const own = methodSettings.get(`${resourcePath.replaceAll('/', '~1')}/${httpMethod}`);
  const all = methodSettings.get('*/*');
  return {
    rate: own?.throttlingRateLimit ?? all?.throttlingRateLimit ?? account.rate,
    burst: own?.throttlingBurstLimit ?? all?.throttlingBurstLimit ?? account.burst,
  };
}

/** Epoch ms. Days, weeks (from Sunday) and months in UTC: QuotaSettings of the API reference does not say where they begin. */
export function quotaPeriodStart(period: Quota['period'], at: Date): number {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (period) {
    case 'DAY':
      return Date.UTC(year, month, day);
    case 'WEEK':
      return Date.UTC(year, month, day - at.getUTCDay());
    case 'MONTH':
      return Date.UTC(year, month, 1);
  }
}

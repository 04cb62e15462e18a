import { createTokenBucket, type TokenBucket } from '../../kernel/token-bucket.ts';
import { limitExceeded, tooManyRequests } from './gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { quotaPeriodStart } from './quota-period.ts';
import type { Stage } from '../rest-api.ts';
import type { UsagePlan } from '../usage-plan.ts';

/** A request that has been let in otherwise. */
export interface ThrottledRequest {
  readonly apiId: string;
  readonly stage: Stage;
  /** Of the deployed resource, with its `{parameters}`. */
  readonly resourcePath: string;
  readonly httpMethod: string;
  /** Of an API key's caller. */
  readonly client: { readonly plan: UsagePlan; readonly keyId: string } | undefined;
}

/** Counts requests of one account and Region. */
export interface Throttle {
  /**
   * Lets a request pass, or not.
   * @throws {GatewayError} 429 Limit Exceeded when the quota of its usage plan is used up, 429 Too Many Requests when a bucket is empty
   */
  admit(request: ThrottledRequest): void;
}

interface Rates {
  readonly rate: number;
  readonly burst: number;
}

/**
 * Token buckets in the order in which API Gateway looks at them (developer guide, "Throttle requests to your REST APIs"): of the key
 * in its usage plan, of the method in its stage, of the account. Rates that are not set are the account's. A request that is
 * throttled does not count towards a quota, which is not documented.
 * @param time.now monotonic, ms; `time.today` the date
 */
export function createThrottle(
  limits: Pick<ApiGatewayLimits, 'accountRateLimit' | 'accountBurstLimit'>,
  time = { now: () => performance.now(), today: () => new Date() },
): Throttle {
  const account: Rates = { rate: limits.accountRateLimit, burst: limits.accountBurstLimit };
  const buckets = new Map<string, TokenBucket>();
  const used = new Map<string, { readonly since: number; count: number }>();

  const take = (name: string, { rate, burst }: Rates): void => {
    // A bucket whose rates have changed is another one.
    const key = `${name} ${rate} ${burst}`;
    const bucket = buckets.get(key) ?? createTokenBucket({ rate, burst }, time.now);
    buckets.set(key, bucket);
    if (!bucket.take()) throw tooManyRequests();
  };
  /** @returns counts the request, once it has passed everything else */
  const checkQuota = ({ plan, keyId }: NonNullable<ThrottledRequest['client']>): (() => void) => {
    const { quota } = plan;
    if (!quota) return () => undefined;
    const since = quotaPeriodStart(quota.period, time.today());
    const key = `${plan.id} ${keyId}`;
    const known = used.get(key);
    // "The number of requests subtracted from the given limit in the initial time period" (API reference, QuotaSettings).
    const count = known?.since === since ? known.count : known ? 0 : quota.offset;
    if (count >= quota.limit) throw limitExceeded();
    return () => void used.set(key, { since, count: count + 1 });
  };

  return {
    admit({ apiId, stage, resourcePath, httpMethod, client }) {
      const count = client && checkQuota(client);
      const { throttle } = client?.plan ?? {};
      if (client && throttle) {
        const rates = { rate: throttle.rateLimit, burst: throttle.burstLimit };
        take(`plan ${client.plan.id} ${client.keyId}`, rates);
      }
      take(
        `method ${apiId} ${stage.name} ${resourcePath} ${httpMethod}`,
        methodRates(stage, resourcePath, httpMethod, account),
      );
      take('account', account);
      count?.();
    },
  };
}

/** What the stage sets for a method, or else for all of them, each of which has it for itself. */
function methodRates(
  { methodSettings }: Stage,
  resourcePath: string,
  httpMethod: string,
  account: Rates,
): Rates {
  // CloudFormation user guide, MethodSetting: slashes within ResourcePath are written ~1.
  const own = methodSettings.get(`${resourcePath.replaceAll('/', '~1')}/${httpMethod}`);
  const all = methodSettings.get('*/*');
  return {
    rate: own?.throttlingRateLimit ?? all?.throttlingRateLimit ?? account.rate,
    burst: own?.throttlingBurstLimit ?? all?.throttlingBurstLimit ?? account.burst,
  };
}

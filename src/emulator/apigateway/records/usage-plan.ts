import { oneOf, read } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';

const PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;

export type ApiKey = ReturnType<typeof readApiKey>;

/** @param fixed what an update of the key cannot change */
export function readApiKey(
  properties: Properties,
  fixed: { readonly id: string; readonly name: string; readonly value: string; readonly createdDate: Date },
) {
  return {
    ...fixed,
    description: read.string(properties, 'Description'),
    enabled: read.boolean(properties, 'Enabled') ?? false,
    tags: read.tags(properties),
    lastUpdatedDate: new Date(),
  };
}

/** The stages that its API keys may call, and how often. */
export type UsagePlan = ReturnType<typeof readUsagePlan>;

/** @param own.keyIds ids of its API keys; none by default. @throws {AwsError} BadRequestException */
export function readUsagePlan(
  properties: Properties,
  { id, name, keyIds = new Set() }: { readonly id: string; readonly name: string; readonly keyIds: Set<string> | undefined },
) {
  return {
    id,
    name,
    keyIds,
    description: read.string(properties, 'Description'),
    apiStages: read
      .objects(properties, 'ApiStages', 'ApiId Stage')
      .map((item) => ({ apiId: read.required(item, 'ApiId'), stage: read.required(item, 'Stage') })),
    throttle: readThrottle(properties),
    quota: readQuota(properties),
    tags: read.tags(properties),
  };
}

function readThrottle(properties: Properties) {
  const throttle = read.object(properties, 'Throttle', 'BurstLimit RateLimit');
  if (!throttle) return undefined;
  const [burstLimit, rateLimit] = [read.number(throttle, 'BurstLimit'), read.number(throttle, 'RateLimit')];
  return { burstLimit: burstLimit ?? 0, rateLimit: rateLimit ?? 0 };
}

export type Quota = NonNullable<ReturnType<typeof readQuota>>;

function readQuota(properties: Properties) {
  const quota = read.object(properties, 'Quota', 'Limit Offset Period');
  if (!quota) return undefined;
  const wrong = () => badRequest('Usage Plan quota period must be one of DAY, WEEK or MONTH');
  const period = oneOf(read.string(quota, 'Period'), PERIODS, wrong);
  return { limit: read.number(quota, 'Limit') ?? 0, offset: read.number(quota, 'Offset') ?? 0, period };
}

import { generateShortId, resourceName } from '../../kernel/physical-name.ts';
import {
  readList,
  readNumber,
  readObject,
  readString,
  refuseUnknown,
  requireString,
} from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import { type ApiStore, findUsagePlan, type Quota, type UsagePlan } from '../store.ts';
import { readTags } from './tags.ts';
import { idOrAny, pathActions } from './path-actions.ts';
import { badRequest, notFound } from '../errors.ts';

const PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;

const ACTIONS = pathActions({
  collection: () => '/usageplans',
  item: (step) => `/usageplans/${idOrAny(step)}`,
  create: { collection: ['POST'], item: ['GET'] },
  update: ['GET', 'PATCH'],
  delete: ['DELETE'],
  isTagged: true,
});

/** AWS::ApiGateway::UsagePlan: stages, throttle and quota for the API keys that UsagePlanKey resources add. */
export function usagePlanProvider(store: ApiStore): ResourceProvider {
  const put = (plan: Pick<UsagePlan, 'id' | 'name' | 'keyIds'>, properties: Properties) => {
    store.usagePlans.set(plan.id, {
      ...plan,
      description: readString(properties, 'Description'),
      apiStages: readApiStages(store, properties),
      throttle: readThrottle(properties),
      quota: readQuota(properties),
      tags: readTags(properties),
    });
    return { physicalId: plan.id, attributes: { Id: plan.id } };
  };

  return {
    type: 'AWS::ApiGateway::UsagePlan',
    properties: {
      UsagePlanName: 'mutable',
      Description: 'mutable',
      ApiStages: 'mutable',
      Throttle: 'mutable',
      Quota: 'mutable',
      Tags: 'mutable',
    },
    required: [],
    actions: ACTIONS,
    async create(properties, context) {
      const name = resourceName({ properties, context }, 'UsagePlanName', 128);
      return put({ id: generateShortId(6), name, keyIds: new Set() }, properties);
    },
    async update(physicalId, properties) {
      const plan = findUsagePlan(store, physicalId);
      const name = readString(properties, 'UsagePlanName') ?? plan.name;
      return put({ id: plan.id, name, keyIds: plan.keyIds }, properties);
    },
    async delete(physicalId) {
      store.usagePlans.delete(physicalId);
    },
  };
}

function readApiStages(store: ApiStore, properties: Properties): UsagePlan['apiStages'] {
  return ((readList(properties, 'ApiStages') ?? []) as Properties[]).map((item) => {
    refuseUnknown(item, 'ApiStages', ['ApiId', 'Stage']);
    const apiId = requireString(item, 'ApiId');
    const stage = requireString(item, 'Stage');
    if (!store.restApis.get(apiId)?.stages.has(stage))
      throw notFound(`API Stage not found: ${apiId}:${stage}`);
    return { apiId, stage };
  });
}

function readThrottle(properties: Properties): UsagePlan['throttle'] {
  const throttle = readObject(properties, 'Throttle');
  if (!throttle) return undefined;
  refuseUnknown(throttle, 'Throttle', ['BurstLimit', 'RateLimit']);
  return {
    burstLimit: readNumber(throttle, 'BurstLimit') ?? 0,
    rateLimit: readNumber(throttle, 'RateLimit') ?? 0,
  };
}

function readQuota(properties: Properties): Quota | undefined {
  const quota = readObject(properties, 'Quota');
  if (!quota) return undefined;
  refuseUnknown(quota, 'Quota', ['Limit', 'Offset', 'Period']);
  const given = readString(quota, 'Period');
  const period = PERIODS.find((known) => known === given);
  if (!period) throw badRequest('Usage Plan quota period must be one of DAY, WEEK or MONTH');
  return {
    limit: readNumber(quota, 'Limit') ?? 0,
    offset: readNumber(quota, 'Offset') ?? 0,
    period,
  };
}

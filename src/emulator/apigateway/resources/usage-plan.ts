import {
  type ApiStore,
  badRequest,
  conflict,
  findApiKey,
  findUsagePlan,
  notFound,
  type Quota,
  type UsagePlan,
} from '../store.ts';
import { idOrAny, pathActions } from './path-actions.ts';
import { generateShortId, resourceName } from '../../kernel/physical-name.ts';
import { read, refuseUnknown } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';

const PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;

/** AWS::ApiGateway::UsagePlan: stages, throttle and quota for the API keys that UsagePlanKey resources add. */
export function usagePlanProvider(store: ApiStore): ResourceProvider {
  const put = (plan: Pick<UsagePlan, 'id' | 'name' | 'keyIds'>, properties: Properties) => {
    store.usagePlans.set(plan.id, {
      ...plan,
      description: read.string(properties, 'Description'),
      apiStages: readApiStages(store, properties),
      throttle: readThrottle(properties),
      quota: readQuota(properties),
      tags: read.tags(properties),
    });
    return { physicalId: plan.id, attributes: { Id: plan.id } };
  };

  return {
    type: 'AWS::ApiGateway::UsagePlan',
    mutable: 'UsagePlanName Description ApiStages Throttle Quota Tags',
    required: [],
    actions: pathActions({
      collection: () => '/usageplans',
      item: (step) => `/usageplans/${idOrAny(step)}`,
      create: { collection: ['POST'], item: ['GET'] },
      update: ['GET', 'PATCH'],
      delete: ['DELETE'],
      isTagged: true,
    }),
    async create(properties, context) {
      const name = resourceName({ properties, context }, 'UsagePlanName', 128);
      return put({ id: generateShortId(6), name, keyIds: new Set() }, properties);
    },
    async update(physicalId, properties) {
      const plan = findUsagePlan(store, physicalId);
      const name = read.string(properties, 'UsagePlanName') ?? plan.name;
      return put({ id: plan.id, name, keyIds: plan.keyIds }, properties);
    },
    delete: async (physicalId) => void store.usagePlans.delete(physicalId),
  };
}

function readApiStages(store: ApiStore, properties: Properties): UsagePlan['apiStages'] {
  return read.objects(properties, 'ApiStages').map((item) => {
    refuseUnknown(item, 'ApiStages', 'ApiId Stage');
    const apiId = read.required(item, 'ApiId');
    const stage = read.required(item, 'Stage');
    if (!store.restApis.get(apiId)?.stages.has(stage)) throw notFound(`API Stage not found: ${apiId}:${stage}`);
    return { apiId, stage };
  });
}

function readThrottle(properties: Properties): UsagePlan['throttle'] {
  const throttle = read.object(properties, 'Throttle', 'BurstLimit RateLimit');
  if (!throttle) return undefined;
  return {
    burstLimit: read.number(throttle, 'BurstLimit') ?? 0,
    rateLimit: read.number(throttle, 'RateLimit') ?? 0,
  };
}

function readQuota(properties: Properties): Quota | undefined {
  const quota = read.object(properties, 'Quota', 'Limit Offset Period');
  if (!quota) return undefined;
  const given = read.string(quota, 'Period');
  const period = PERIODS.find((known) => known === given);
  if (!period) throw badRequest('Usage Plan quota period must be one of DAY, WEEK or MONTH');
  return {
    limit: read.number(quota, 'Limit') ?? 0,
    offset: read.number(quota, 'Offset') ?? 0,
    period,
  };
}

/** AWS::ApiGateway::UsagePlanKey: adds an API key to a usage plan. */
export function usagePlanKeyProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    createOnly: 'KeyId KeyType UsagePlanId',
    required: ['KeyId', 'KeyType', 'UsagePlanId'],
    actions: pathActions({
      collection: keysPath,
      item: (step) => `${keysPath(step)}/${read.required(step.properties, 'KeyId')}`,
      create: { collection: ['POST'], item: ['GET'] },
      update: [],
      delete: ['DELETE'],
    }),
    async create(properties) {
      const keyType = read.required(properties, 'KeyType');
      if (keyType !== 'API_KEY') throw badRequest(`Invalid key type: ${keyType}`);
      const plan = findUsagePlan(store, read.required(properties, 'UsagePlanId'));
      const key = findApiKey(store, read.required(properties, 'KeyId'));
      if (plan.keyIds.has(key.id)) throw conflict('Usage Plan Key already exists');
      store.usagePlans.set(plan.id, { ...plan, keyIds: new Set([...plan.keyIds, key.id]) });
      const physicalId = `${key.id}:${plan.id}`;
      return { physicalId, attributes: { Id: physicalId } };
    },
    update: async (physicalId) => ({ physicalId, attributes: { Id: physicalId } }),
    async delete(_physicalId, properties) {
      const plan = store.usagePlans.get(read.required(properties, 'UsagePlanId'));
      if (!plan) return;
      const gone = read.required(properties, 'KeyId');
      const keyIds = new Set([...plan.keyIds].filter((keyId) => keyId !== gone));
      store.usagePlans.set(plan.id, { ...plan, keyIds });
    },
  };
}

function keysPath({ properties }: ResourceStep): string {
  return `/usageplans/${read.required(properties, 'UsagePlanId')}/keys`;
}

import { type ApiStore, badRequest, conflict, find, notFound, type Quota, type UsagePlan } from '../store.ts';
import { pathActions } from './path-actions.ts';
import { generatePhysicalName, generateShortId, oneOf, read } from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';

const PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;

/** AWS::ApiGateway::UsagePlan: stages, throttle and quota for the API keys that UsagePlanKey resources add. */
export function usagePlanProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlan',
    mutable: 'UsagePlanName Description ApiStages Throttle Quota Tags',
    actions: pathActions('AWS::ApiGateway::UsagePlan', '/usageplans', '{id}'),
    put({ physicalId, properties, context }) {
      const known = physicalId === undefined ? undefined : find.usagePlan(store, physicalId);
      const id = known?.id ?? generateShortId(6);
      store.usagePlans.set(id, {
        id,
        name: read.string(properties, 'UsagePlanName') ?? known?.name ?? generatePhysicalName(context, 128),
        keyIds: known?.keyIds ?? new Set(),
        description: read.string(properties, 'Description'),
        apiStages: readApiStages(store, properties),
        throttle: readThrottle(properties),
        quota: readQuota(properties),
        tags: read.tags(properties),
      });
      return { physicalId: id, attributes: { Id: id } };
    },
    delete: ({ physicalId }) => void store.usagePlans.delete(physicalId),
  };
}

function readApiStages(store: ApiStore, properties: Properties): UsagePlan['apiStages'] {
  return read.objects(properties, 'ApiStages', 'ApiId Stage').map((item) => {
    const apiId = read.required(item, 'ApiId');
    const stage = read.required(item, 'Stage');
    if (!store.restApis.get(apiId)?.stages.has(stage)) throw notFound(`API Stage not found: ${apiId}:${stage}`);
    return { apiId, stage };
  });
}

function readThrottle(properties: Properties): UsagePlan['throttle'] {
  const throttle = read.object(properties, 'Throttle', 'BurstLimit RateLimit');
  if (!throttle) return undefined;
  const [burstLimit, rateLimit] = [read.number(throttle, 'BurstLimit'), read.number(throttle, 'RateLimit')];
  return { burstLimit: burstLimit ?? 0, rateLimit: rateLimit ?? 0 };
}

function readQuota(properties: Properties): Quota | undefined {
  const quota = read.object(properties, 'Quota', 'Limit Offset Period');
  if (!quota) return undefined;
  const wrong = () => badRequest('Usage Plan quota period must be one of DAY, WEEK or MONTH');
  const period = oneOf(read.string(quota, 'Period'), PERIODS, wrong);
  return { limit: read.number(quota, 'Limit') ?? 0, offset: read.number(quota, 'Offset') ?? 0, period };
}

/** AWS::ApiGateway::UsagePlanKey: adds an API key to a usage plan. */
export function usagePlanKeyProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    createOnly: 'KeyId KeyType UsagePlanId',
    required: 'KeyId KeyType UsagePlanId',
    actions: pathActions('AWS::ApiGateway::UsagePlanKey', '/usageplans/{UsagePlanId}/keys', '{KeyId}'),
    put({ properties }) {
      const keyType = read.required(properties, 'KeyType');
      if (keyType !== 'API_KEY') throw badRequest(`Invalid key type: ${keyType}`);
      const plan = find.usagePlan(store, read.required(properties, 'UsagePlanId'));
      const key = find.apiKey(store, read.required(properties, 'KeyId'));
      if (plan.keyIds.has(key.id)) throw conflict('Usage Plan Key already exists');
      plan.keyIds.add(key.id);
      const physicalId = `${key.id}:${plan.id}`;
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete({ properties }) {
      const plan = store.usagePlans.get(read.required(properties, 'UsagePlanId'));
      plan?.keyIds.delete(read.required(properties, 'KeyId'));
    },
  };
}

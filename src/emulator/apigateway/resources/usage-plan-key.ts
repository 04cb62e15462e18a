import { requireString } from '../../kernel/properties.ts';
import type { ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import { type ApiStore, findApiKey, findUsagePlan } from '../store.ts';
import { pathActions } from './path-actions.ts';
import { badRequest, conflict } from '../errors.ts';

const ACTIONS = pathActions({
  collection: keysPath,
  item: (step) => `${keysPath(step)}/${requireString(step.properties, 'KeyId')}`,
  create: { collection: ['POST'], item: ['GET'] },
  update: [],
  delete: ['DELETE'],
});

/** AWS::ApiGateway::UsagePlanKey: adds an API key to a usage plan. */
export function usagePlanKeyProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlanKey',
    properties: { KeyId: 'create-only', KeyType: 'create-only', UsagePlanId: 'create-only' },
    required: ['KeyId', 'KeyType', 'UsagePlanId'],
    actions: ACTIONS,
    async create(properties) {
      const keyType = requireString(properties, 'KeyType');
      if (keyType !== 'API_KEY') throw badRequest(`Invalid key type: ${keyType}`);
      const plan = findUsagePlan(store, requireString(properties, 'UsagePlanId'));
      const key = findApiKey(store, requireString(properties, 'KeyId'));
      if (plan.keyIds.has(key.id)) throw conflict('Usage Plan Key already exists');
      store.usagePlans.set(plan.id, { ...plan, keyIds: new Set([...plan.keyIds, key.id]) });
      const physicalId = `${key.id}:${plan.id}`;
      return { physicalId, attributes: { Id: physicalId } };
    },
    async update(physicalId) {
      return { physicalId, attributes: { Id: physicalId } };
    },
    async delete(_physicalId, properties) {
      const plan = store.usagePlans.get(requireString(properties, 'UsagePlanId'));
      if (!plan) return;
      const gone = requireString(properties, 'KeyId');
      const keyIds = new Set([...plan.keyIds].filter((keyId) => keyId !== gone));
      store.usagePlans.set(plan.id, { ...plan, keyIds });
    },
  };
}

function keysPath({ properties }: ResourceStep): string {
  return `/usageplans/${requireString(properties, 'UsagePlanId')}/keys`;
}

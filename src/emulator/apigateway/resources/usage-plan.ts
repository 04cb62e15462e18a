import { type ApiStore, find } from '../store.ts';
import { badRequest, conflict, notFound } from '../errors.ts';
import { readUsagePlan } from '../records/usage-plan.ts';
import { pathActions } from './path-actions.ts';
import { generatePhysicalName, generateShortId, read } from '../../kernel/properties.ts';
import type { ResourceProvider } from '../../kernel/resource-provider.ts';

/** AWS::ApiGateway::UsagePlan: stages, throttle and quota for the API keys that UsagePlanKey resources add. */
export function usagePlanProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::UsagePlan',
    mutable: 'UsagePlanName Description ApiStages Throttle Quota Tags',
    actions: pathActions('AWS::ApiGateway::UsagePlan', '/usageplans', '{id}'),
    put({ physicalId, properties, context }) {
      const known = physicalId === undefined ? undefined : find.usagePlan(store, physicalId);
      const id = known?.id ?? generateShortId(6);
      const name = read.string(properties, 'UsagePlanName') ?? known?.name ?? generatePhysicalName(context, 128);
      const plan = readUsagePlan(properties, { id, name, keyIds: known?.keyIds });
      for (const { apiId, stage } of plan.apiStages) {
        if (!store.restApis.get(apiId)?.stages.has(stage)) throw notFound(`API Stage not found: ${apiId}:${stage}`);
      }
      store.usagePlans.set(id, plan);
      return { physicalId: id, attributes: { Id: id } };
    },
    delete: ({ physicalId }) => void store.usagePlans.delete(physicalId),
  };
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

import { generateShortId, resourceName } from '../../kernel/physical-name.ts';
import { read } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { type ApiStore, badRequest, conflict, findApiKey } from '../store.ts';
import { API_KEY_VALUE_LENGTH } from '../limits.ts';
import { idOrAny, pathActions } from './path-actions.ts';

/** AWS::ApiGateway::ApiKey. It is disabled without `Enabled`, as in CloudFormation. */
export function apiKeyProvider(store: ApiStore): ResourceProvider {
  const mutable = (properties: Properties) => ({
    description: read.string(properties, 'Description'),
    enabled: read.boolean(properties, 'Enabled') ?? false,
    tags: read.tags(properties),
    updatedAt: new Date(),
  });

  return {
    type: 'AWS::ApiGateway::ApiKey',
    createOnly: 'Name Value GenerateDistinctId',
    mutable: 'Description Enabled Tags',
    required: [],
    actions: pathActions({
      collection: () => '/apikeys',
      item: (step) => `/apikeys/${idOrAny(step)}`,
      create: { collection: ['POST'], item: ['GET'] },
      update: ['GET', 'PATCH'],
      delete: ['GET', 'DELETE'],
      isTagged: true,
    }),
    async create(properties, context) {
      const id = generateShortId();
      const key = {
        id,
        name: resourceName({ properties, context }, 'Name', 128),
        value: readKeyValue(store, properties),
        createdAt: new Date(),
        ...mutable(properties),
      };
      store.apiKeys.set(id, key);
      return { physicalId: id, attributes: { APIKeyId: id } };
    },
    async update(physicalId, properties) {
      const key = findApiKey(store, physicalId);
      store.apiKeys.set(physicalId, { ...key, ...mutable(properties) });
      return { physicalId, attributes: { APIKeyId: physicalId } };
    },
    async delete(physicalId) {
      store.apiKeys.delete(physicalId);
      const plans = [...store.usagePlans.values()].filter((plan) => plan.keyIds.has(physicalId));
      for (const plan of plans) {
        const keyIds = new Set([...plan.keyIds].filter((keyId) => keyId !== physicalId));
        store.usagePlans.set(plan.id, { ...plan, keyIds });
      }
    },
  };
}

function readKeyValue(store: ApiStore, properties: Properties): string {
  const value = read.string(properties, 'Value') ?? generateShortId(API_KEY_VALUE_LENGTH.generated);
  if (value.length < API_KEY_VALUE_LENGTH.min)
    throw badRequest(`API Key value should be at least ${API_KEY_VALUE_LENGTH.min} characters`);
  if (value.length > API_KEY_VALUE_LENGTH.max) {
    throw badRequest(`API Key value exceeds maximum size of ${API_KEY_VALUE_LENGTH.max} characters`);
  }
  if ([...store.apiKeys.values()].some((key) => key.value === value)) throw conflict('API Key already exists');
  return value;
}

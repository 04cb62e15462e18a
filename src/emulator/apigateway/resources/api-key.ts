import { generateShortId, read, resourceName } from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import { API_KEY_VALUE_LENGTH } from '../limits.ts';
import { badRequest, conflict } from '../errors.ts';
import { readApiKey } from '../records/usage-plan.ts';
import { type ApiStore, find } from '../store.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::ApiKey. It is disabled without `Enabled`, as in CloudFormation. */
export function apiKeyProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::ApiKey',
    createOnly: 'Name Value GenerateDistinctId',
    mutable: 'Description Enabled Tags',
    actions: pathActions('AWS::ApiGateway::ApiKey', '/apikeys', '{id}'),
    put(step) {
      const { physicalId, properties } = step;
      const { id, name, value, createdDate } = physicalId
        ? find.apiKey(store, physicalId)
        : {
            id: generateShortId(),
            name: resourceName(step, 'Name', 128),
            value: readKeyValue(store, properties),
            createdDate: new Date(),
          };
      store.apiKeys.set(id, readApiKey(properties, { id, name, value, createdDate }));
      return { physicalId: id, attributes: { APIKeyId: id } };
    },
    delete({ physicalId }) {
      store.apiKeys.delete(physicalId);
      for (const plan of store.usagePlans.values()) plan.keyIds.delete(physicalId);
    },
  };
}

function readKeyValue(store: ApiStore, properties: Properties): string {
  const value = read.string(properties, 'Value') ?? generateShortId(API_KEY_VALUE_LENGTH.generated);
  if (value.length < API_KEY_VALUE_LENGTH.min)
    throw badRequest(`API Key value should be at least ${API_KEY_VALUE_LENGTH.min} characters`);
  if (value.length > API_KEY_VALUE_LENGTH.max)
    throw badRequest(`API Key value exceeds maximum size of ${API_KEY_VALUE_LENGTH.max} characters`);
  if ([...store.apiKeys.values()].some((key) => key.value === value)) throw conflict('API Key already exists');
  return value;
}

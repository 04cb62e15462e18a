import { read } from '../../kernel/properties.ts';
import type { ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, existingApi, find, replaceMethods } from '../store.ts';
import { conflict } from '../errors.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { readMethod } from '../records/method.ts';
import { pathActions } from './path-actions.ts';

/** AWS::ApiGateway::Method with its integration. It takes effect with the next Deployment. */
export function methodProvider(store: ApiStore, limits: ApiGatewayLimits): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Method',
    createOnly: 'RestApiId ResourceId HttpMethod',
    mutable: 'AuthorizationType AuthorizerId AuthorizationScopes ApiKeyRequired Integration MethodResponses OperationName',
    required: 'RestApiId ResourceId HttpMethod',
    actions: pathActions('AWS::ApiGateway::Method', '/restapis/{RestApiId}/resources/{ResourceId}/methods', '{HttpMethod}', {
      // Credentials of an integration: a property that is refused here.
      unset: 'iam:PassRole',
    }),
    put(step) {
      const { physicalId, properties } = step;
      const api = apiOf(store, step);
      const resource = find.resource(api, read.required(properties, 'ResourceId'));
      if (physicalId === undefined && resource.methods.has(read.required(properties, 'HttpMethod')))
        throw conflict('Method already exists for this resource');
      const method = readMethod(properties, (id) => find.authorizer(api, id), limits);
      replaceMethods(api, resource, (methods) => methods.set(method.httpMethod, method));
      return { physicalId: `${api.id}|${resource.id}|${method.httpMethod}`, attributes: {} };
    },
    delete(step) {
      const api = existingApi(store, step);
      const resource = api?.resources.get(read.required(step.properties, 'ResourceId'));
      if (!api || !resource) return;
      replaceMethods(api, resource, (methods) => methods.delete(read.required(step.properties, 'HttpMethod')));
    },
  };
}

import {
  readBoolean,
  readList,
  readObject,
  readString,
  readStringMap,
  refuseUnknown,
  requireString,
} from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import {
  type ApiStore,
  findAuthorizer,
  findResource,
  findRestApi,
  replaceMethods,
} from '../store.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import type { Method, MethodResponse, RestApi } from '../rest-api.ts';
import { readIntegration } from './integration.ts';
import { pathActions, restApiPath } from './path-actions.ts';
import { badRequest, conflict } from '../errors.ts';

const AUTHORIZATION_TYPES = ['NONE', 'AWS_IAM', 'COGNITO_USER_POOLS', 'CUSTOM'] as const;
const HTTP_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'ANY']);

const ACTIONS = pathActions({
  collection: restApiPath,
  item: (step) => {
    const resourceId = requireString(step.properties, 'ResourceId');
    const httpMethod = requireString(step.properties, 'HttpMethod');
    return `${restApiPath(step)}/resources/${resourceId}/methods/${httpMethod}`;
  },
  create: { item: ['GET', 'PUT'] },
  update: ['GET', 'PUT'],
  delete: ['DELETE'],
});

/** AWS::ApiGateway::Method with its integration. It takes effect with the next Deployment. */
export function methodProvider(store: ApiStore, limits: ApiGatewayLimits): ResourceProvider {
  const put = (properties: Properties) => {
    const api = findRestApi(store, requireString(properties, 'RestApiId'));
    const resource = findResource(api, requireString(properties, 'ResourceId'));
    const method = readMethod(properties, api, limits);
    replaceMethods(api, resource, (methods) => methods.set(method.httpMethod, method));
    return { physicalId: `${api.id}|${resource.id}|${method.httpMethod}`, attributes: {} };
  };

  return {
    type: 'AWS::ApiGateway::Method',
    properties: {
      RestApiId: 'create-only',
      ResourceId: 'create-only',
      HttpMethod: 'create-only',
      AuthorizationType: 'mutable',
      AuthorizerId: 'mutable',
      AuthorizationScopes: 'mutable',
      ApiKeyRequired: 'mutable',
      Integration: 'mutable',
      MethodResponses: 'mutable',
      OperationName: 'mutable',
    },
    required: ['RestApiId', 'ResourceId', 'HttpMethod'],
    actions: ACTIONS,
    async create(properties) {
      const api = findRestApi(store, requireString(properties, 'RestApiId'));
      const resource = findResource(api, requireString(properties, 'ResourceId'));
      if (resource.methods.has(requireString(properties, 'HttpMethod'))) {
        throw conflict('Method already exists for this resource');
      }
      return put(properties);
    },
    async update(_physicalId, properties) {
      return put(properties);
    },
    async delete(_physicalId, properties) {
      const api = store.restApis.get(requireString(properties, 'RestApiId'));
      const resource = api?.resources.get(requireString(properties, 'ResourceId'));
      if (!api || !resource) return;
      replaceMethods(api, resource, (methods) =>
        methods.delete(requireString(properties, 'HttpMethod')),
      );
    },
  };
}

function readMethod(properties: Properties, api: RestApi, limits: ApiGatewayLimits): Method {
  const httpMethod = requireString(properties, 'HttpMethod');
  if (!HTTP_METHODS.has(httpMethod))
    throw badRequest(`Invalid HTTP method specified: ${httpMethod}`);
  const responses = new Map(
    ((readList(properties, 'MethodResponses') ?? []) as Properties[]).map((item) => {
      const response = readMethodResponse(item);
      return [response.statusCode, response];
    }),
  );
  const integration = readObject(properties, 'Integration');
  return {
    httpMethod,
    ...readAuthorizationType(properties, api),
    apiKeyRequired: readBoolean(properties, 'ApiKeyRequired') ?? false,
    operationName: readString(properties, 'OperationName'),
    responses,
    integration: integration && readIntegration(integration, responses, limits),
  };
}

/** Checks that the authorizer is of the method's authorization type (API reference, PutMethod). */
function readAuthorizationType(
  properties: Properties,
  api: RestApi,
): Pick<Method, 'authorizationType' | 'authorizerId' | 'authorizationScopes'> {
  const given = readString(properties, 'AuthorizationType');
  const authorizationType = AUTHORIZATION_TYPES.find((type) => type === given);
  if (!authorizationType) {
    const reason =
      given === undefined
        ? 'Enumeration value for AuthorizationType must be non-empty'
        : `Invalid authorization type specified: ${given}`;
    throw badRequest(reason);
  }
  const authorizationScopes = (readList(properties, 'AuthorizationScopes') ?? []).map(String);
  if (authorizationType === 'NONE' || authorizationType === 'AWS_IAM') {
    return { authorizationType, authorizerId: undefined, authorizationScopes };
  }
  const { id, type } = findAuthorizer(api, readString(properties, 'AuthorizerId') ?? '');
  if ((type === 'COGNITO_USER_POOLS') !== (authorizationType === 'COGNITO_USER_POOLS')) {
    throw badRequest(
      `Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.`,
    );
  }
  return { authorizationType, authorizerId: id, authorizationScopes };
}

function readMethodResponse(properties: Properties): MethodResponse {
  const known = ['StatusCode', 'ResponseParameters', 'ResponseModels'];
  refuseUnknown(properties, 'MethodResponses', known);
  const parameters = readObject(properties, 'ResponseParameters') ?? {};
  return {
    statusCode: requireString(properties, 'StatusCode'),
    responseParameters: Object.fromEntries(
      Object.keys(parameters).map((name) => [name, readBoolean(parameters, name) ?? false]),
    ),
    responseModels: readStringMap(properties, 'ResponseModels') ?? {},
  };
}

import { read, refuseUnknown } from '../../kernel/properties.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, badRequest, conflict, existingApi, find, replaceMethods } from '../store.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import type { Method, MethodResponse, RestApi } from '../rest-api.ts';
import { readIntegration } from './integration.ts';
import { pathActions } from './path-actions.ts';

const AUTHORIZATION_TYPES = ['NONE', 'AWS_IAM', 'COGNITO_USER_POOLS', 'CUSTOM'] as const;
const HTTP_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'ANY']);

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
      const method = readMethod(properties, api, limits);
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

function readMethod(properties: Properties, api: RestApi, limits: ApiGatewayLimits): Method {
  const httpMethod = read.required(properties, 'HttpMethod');
  if (!HTTP_METHODS.has(httpMethod)) throw badRequest(`Invalid HTTP method specified: ${httpMethod}`);
  const responses = new Map(
    read.objects(properties, 'MethodResponses').map((item) => {
      const response = readMethodResponse(item);
      return [response.statusCode, response];
    }),
  );
  const integration = read.object(properties, 'Integration');
  return {
    httpMethod,
    ...readAuthorizationType(properties, api),
    apiKeyRequired: read.boolean(properties, 'ApiKeyRequired') ?? false,
    operationName: read.string(properties, 'OperationName'),
    responses,
    integration: integration && readIntegration(integration, responses, limits),
  };
}

/** Checks that the authorizer is of the method's authorization type (API reference, PutMethod). */
function readAuthorizationType(
  properties: Properties,
  api: RestApi,
): Pick<Method, 'authorizationType' | 'authorizerId' | 'authorizationScopes'> {
  const given = read.string(properties, 'AuthorizationType');
  const authorizationType = AUTHORIZATION_TYPES.find((type) => type === given);
  if (!authorizationType) {
    if (given === undefined) throw badRequest('Enumeration value for AuthorizationType must be non-empty');
    throw badRequest(`Invalid authorization type specified: ${given}`);
  }
  const authorizationScopes = read.strings(properties, 'AuthorizationScopes');
  if (authorizationType === 'NONE' || authorizationType === 'AWS_IAM')
    return { authorizationType, authorizerId: undefined, authorizationScopes };
  const { id, type } = find.authorizer(api, read.string(properties, 'AuthorizerId') ?? '');
  if ((type === 'COGNITO_USER_POOLS') !== (authorizationType === 'COGNITO_USER_POOLS')) {
    throw badRequest(
      `Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.`,
    );
  }
  return { authorizationType, authorizerId: id, authorizationScopes };
}

function readMethodResponse(properties: Properties): MethodResponse {
  refuseUnknown(properties, 'MethodResponses', 'StatusCode ResponseParameters ResponseModels');
  const parameters = read.object(properties, 'ResponseParameters') ?? {};
  return {
    statusCode: read.required(properties, 'StatusCode'),
    responseParameters: Object.fromEntries(
      Object.keys(parameters).map((name) => [name, read.boolean(parameters, name) ?? false]),
    ),
    responseModels: read.stringMap(properties, 'ResponseModels') ?? {},
  };
}

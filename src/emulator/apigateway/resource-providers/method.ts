import { AwsError } from '../../aws-error.ts';
import {
  readBoolean,
  readList,
  readObject,
  readString,
  readStringMap,
  refuseUnknown,
  requireString,
} from '../../properties.ts';
import type { Properties, ResourceProvider } from '../../resource-provider.ts';
import { type ApiStore, findResource, findRestApi, replaceMethods } from '../api-store.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import type { Method, MethodResponse } from '../rest-api.ts';
import { readIntegration } from './integration.ts';

const HTTP_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'ANY']);

/** AWS::ApiGateway::Method with its integration. It reaches clients with the next Deployment only. */
export function methodProvider(store: ApiStore, limits: ApiGatewayLimits): ResourceProvider {
  const put = (properties: Properties) => {
    const api = findRestApi(store, requireString(properties, 'RestApiId'));
    const resource = findResource(api, requireString(properties, 'ResourceId'));
    const method = readMethod(properties, limits);
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
      ApiKeyRequired: 'mutable',
      Integration: 'mutable',
      MethodResponses: 'mutable',
      OperationName: 'mutable',
    },
    required: ['RestApiId', 'ResourceId', 'HttpMethod'],
    async create(properties) {
      const api = findRestApi(store, requireString(properties, 'RestApiId'));
      const resource = findResource(api, requireString(properties, 'ResourceId'));
      if (resource.methods.has(requireString(properties, 'HttpMethod'))) {
        throw new AwsError('ConflictException', 409, 'Method already exists for this resource');
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

function readMethod(properties: Properties, limits: ApiGatewayLimits): Method {
  const httpMethod = requireString(properties, 'HttpMethod');
  if (!HTTP_METHODS.has(httpMethod)) {
    throw new AwsError('BadRequestException', 400, `Invalid HTTP method specified: ${httpMethod}`);
  }
  const authorizationType = readString(properties, 'AuthorizationType');
  if (authorizationType !== 'NONE' && authorizationType !== 'AWS_IAM') {
    throw new AwsError(
      'BadRequestException',
      400,
      authorizationType === undefined
        ? 'Enumeration value for AuthorizationType must be non-empty'
        : `the emulator does not support the authorization type ${authorizationType}`,
    );
  }
  const responses = new Map(
    ((readList(properties, 'MethodResponses') ?? []) as Properties[]).map((item) => {
      const response = readMethodResponse(item);
      return [response.statusCode, response];
    }),
  );
  const integration = readObject(properties, 'Integration');
  return {
    httpMethod,
    authorizationType,
    apiKeyRequired: readBoolean(properties, 'ApiKeyRequired') ?? false,
    operationName: readString(properties, 'OperationName'),
    responses,
    integration: integration && readIntegration(integration, responses, limits),
  };
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

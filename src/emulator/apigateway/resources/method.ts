import { oneOf, read, refuseUnknown } from '../../kernel/properties.ts';
import type { Properties, ResourceProvider } from '../../kernel/resource-provider.ts';
import { apiOf, type ApiStore, badRequest, conflict, existingApi, find, notFound, replaceMethods } from '../store.ts';
import { type ApiGatewayLimits, INTEGRATION_TIMEOUT_MS } from '../limits.ts';
import type { Integration, IntegrationResponse, Method, MethodResponse, RestApi } from '../rest-api.ts';
import { pathActions } from './path-actions.ts';
import { parseFunctionUri } from '../front-door/lambda-integration.ts';
import { templateError } from '../front-door/mock-integration.ts';
import { readStaticHeaders } from '../front-door/response-headers.ts';

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
function readAuthorizationType(properties: Properties, api: RestApi) {
  const given = read.string(properties, 'AuthorizationType');
  if (given === undefined) throw badRequest('Enumeration value for AuthorizationType must be non-empty');
  const wrong = () => badRequest(`Invalid authorization type specified: ${given}`);
  const authorizationType = oneOf(given, AUTHORIZATION_TYPES, wrong);
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

const PASSTHROUGH = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;
const TRANSFER_MODES = ['BUFFERED', 'STREAM'] as const;

/** The `Integration` of a method with these responses: AWS_PROXY or MOCK. @throws {AwsError} BadRequestException */
function readIntegration(
  properties: Properties,
  methodResponses: ReadonlyMap<string, MethodResponse>,
  limits: ApiGatewayLimits,
): Integration {
  refuseUnknown(
    properties,
    'Integration',
    'Type IntegrationHttpMethod Uri TimeoutInMillis ResponseTransferMode PassthroughBehavior RequestTemplates IntegrationResponses',
  );
  const type = read.required(properties, 'Type');
  if (type !== 'AWS_PROXY' && type !== 'MOCK') throw badRequest(`the emulator does not support the integration type ${type}`);
  const responseTransferMode = readOneOf(properties, 'ResponseTransferMode', TRANSFER_MODES);
  // Developer guide, response-transfer-mode: "HTTP_PROXY and AWS_PROXY integration types" only.
  if (responseTransferMode === 'STREAM' && type === 'MOCK')
    throw badRequest('Response transfer mode STREAM is not supported for integration type MOCK');
  const timeoutMs = read.number(properties, 'TimeoutInMillis');
  const { min, maxBuffered, maxStream } = INTEGRATION_TIMEOUT_MS;
  const longest = responseTransferMode === 'STREAM' ? maxStream : maxBuffered;
  if (timeoutMs !== undefined && (timeoutMs < min || timeoutMs > longest))
    throw badRequest(`Timeout should be between ${min} ms and ${longest} ms`);
  const httpMethod = read.string(properties, 'IntegrationHttpMethod');
  const uri = read.string(properties, 'Uri');
  if (type === 'AWS_PROXY') {
    if (!httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
    if (!uri || !parseFunctionUri(uri)) throw badRequest('Invalid ARN specified in the request');
  }
  return {
    type,
    httpMethod,
    uri,
    timeoutInMillis: timeoutMs ?? limits.defaultIntegrationTimeoutMs,
    responseTransferMode,
    passthroughBehavior: readOneOf(properties, 'PassthroughBehavior', PASSTHROUGH),
    requestTemplates: readTemplates(properties, 'RequestTemplates'),
    responses: read.objects(properties, 'IntegrationResponses').map((item) => readIntegrationResponse(item, methodResponses)),
  };
}

function readIntegrationResponse(
  properties: Properties,
  methodResponses: ReadonlyMap<string, MethodResponse>,
): IntegrationResponse {
  refuseUnknown(
    properties,
    'Integration/IntegrationResponses',
    'StatusCode SelectionPattern ResponseParameters ResponseTemplates',
  );
  const statusCode = read.required(properties, 'StatusCode');
  const methodResponse = methodResponses.get(statusCode);
  if (!methodResponse) throw notFound('Invalid Response status code specified');
  const responseParameters = read.stringMap(properties, 'ResponseParameters') ?? {};
  for (const parameter of Object.keys(responseParameters)) {
    if (!(parameter in methodResponse.responseParameters)) {
      throw badRequest(
        `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${parameter}]`,
      );
    }
  }
  readStaticHeaders(responseParameters, 'method.response.header.');
  return {
    statusCode,
    selectionPattern: read.string(properties, 'SelectionPattern'),
    responseParameters,
    responseTemplates: readTemplates(properties, 'ResponseTemplates'),
  };
}

/** Mapping templates by content type. */
function readTemplates(properties: Properties, name: string): Readonly<Record<string, string>> {
  const templates = read.stringMap(properties, name) ?? {};
  for (const template of Object.values(templates)) {
    const reason = templateError(template);
    if (reason) throw badRequest(`Invalid mapping template specified: ${name}: ${reason}`);
  }
  return templates;
}

/** One of the values, the first when the property is absent. */
function readOneOf<T extends string>(properties: Properties, name: string, values: readonly [T, ...T[]]): T {
  const value = read.string(properties, name) ?? values[0];
  return oneOf(value, values, (given) => badRequest(`Invalid ${name} specified: ${given}`));
}

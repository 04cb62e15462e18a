import { parse } from 'velocityjs';
import { oneOf, read, refuseUnknown } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { badRequest, notFound } from '../errors.ts';
import { readStaticHeaders } from '../front-door/response-headers.ts';
import { type ApiGatewayLimits, INTEGRATION_TIMEOUT_MS } from '../limits.ts';

const AUTHORIZATION_TYPES = ['NONE', 'AWS_IAM', 'COGNITO_USER_POOLS', 'CUSTOM'] as const;
const HTTP_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'ANY']);

/** Finds one of the API's authorizers. @throws {AwsError} NotFoundException */
type FindAuthorizer = (id: string) => { readonly id: string; readonly type: string };

/** A method as it is edited; it is replaced, never changed, so that deployments keep theirs. */
export type Method = ReturnType<typeof readMethod>;

/** @throws {AwsError} BadRequestException, NotFoundException */
export function readMethod(properties: Properties, findAuthorizer: FindAuthorizer, limits: ApiGatewayLimits) {
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
    ...readAuthorizationType(properties, findAuthorizer),
    apiKeyRequired: read.boolean(properties, 'ApiKeyRequired') ?? false,
    operationName: read.string(properties, 'OperationName'),
    /** By status code. */
    responses,
    integration: integration && readIntegration(integration, responses, limits),
  };
}

/** Checks that the authorizer is of the method's authorization type (API reference, PutMethod). */
function readAuthorizationType(properties: Properties, findAuthorizer: FindAuthorizer) {
  const given = read.string(properties, 'AuthorizationType');
  if (given === undefined) throw badRequest('Enumeration value for AuthorizationType must be non-empty');
  const wrong = () => badRequest(`Invalid authorization type specified: ${given}`);
  const authorizationType = oneOf(given, AUTHORIZATION_TYPES, wrong);
  const authorizationScopes = read.strings(properties, 'AuthorizationScopes');
  if (authorizationType === 'NONE' || authorizationType === 'AWS_IAM')
    return { authorizationType, authorizerId: undefined, authorizationScopes };
  const { id, type } = findAuthorizer(read.string(properties, 'AuthorizerId') ?? '');
  if ((type === 'COGNITO_USER_POOLS') !== (authorizationType === 'COGNITO_USER_POOLS')) {
    throw badRequest(
      `Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.`,
    );
  }
  return { authorizationType, authorizerId: id, authorizationScopes };
}

export type MethodResponse = ReturnType<typeof readMethodResponse>;

function readMethodResponse(properties: Properties) {
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

export type Integration = ReturnType<typeof readIntegration>;

/** The `Integration` of a method with these responses: AWS_PROXY or MOCK. @throws {AwsError} BadRequestException */
function readIntegration(properties: Properties, methodResponses: ReadonlyMap<string, MethodResponse>, limits: ApiGatewayLimits) {
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

export type IntegrationResponse = ReturnType<typeof readIntegrationResponse>;

function readIntegrationResponse(properties: Properties, methodResponses: ReadonlyMap<string, MethodResponse>) {
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
    /** A regular expression for the status of the integration; the default response has none. */
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

/** The syntax error of a mapping template; undefined without one. */
function templateError(template: string): string | undefined {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const URI_PATTERN = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/(\d{4}-\d{2}-\d{2})\/functions\/(arn:[^/]+)\/([a-z-]+)$/;

const LAMBDA_APIS: Readonly<Record<string, 'Invoke' | 'InvokeWithResponseStream'>> = {
  '2015-03-31/invocations': 'Invoke',
  '2021-11-15/response-streaming-invocations': 'InvokeWithResponseStream',
};

/**
 * The function that an integration or authorizer URI names, and the Lambda API that it is called with: date and last word name it ("Set
 * up a Lambda proxy integration with payload response streaming").
 */
export function parseFunctionUri(uri: string) {
  const [, date, functionArn, action] = URI_PATTERN.exec(uri) ?? [];
  const lambdaApi = LAMBDA_APIS[`${date}/${action}`];
  return functionArn && lambdaApi ? { functionArn, lambdaApi } : undefined;
}

import { read, refuseUnknown } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { parseFunctionUri } from '../front-door/function-uri.ts';
import {
  type ApiGatewayLimits,
  MAX_BUFFERED_INTEGRATION_TIMEOUT_MS,
  MAX_STREAM_INTEGRATION_TIMEOUT_MS,
  MIN_INTEGRATION_TIMEOUT_MS,
} from '../limits.ts';
import { templateError } from '../front-door/mapping-template.ts';
import { readStaticHeaders } from '../front-door/response-parameter.ts';
import type { Integration, IntegrationResponse, MethodResponse } from '../rest-api.ts';
import { badRequest, notFound } from '../store.ts';

const PASSTHROUGH = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;
const TRANSFER_MODES = ['BUFFERED', 'STREAM'] as const;

/** The `Integration` of a method with these responses: AWS_PROXY or MOCK. @throws {AwsError} BadRequestException */
export function readIntegration(
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
  const longest = responseTransferMode === 'STREAM' ? MAX_STREAM_INTEGRATION_TIMEOUT_MS : MAX_BUFFERED_INTEGRATION_TIMEOUT_MS;
  if (timeoutMs !== undefined && (timeoutMs < MIN_INTEGRATION_TIMEOUT_MS || timeoutMs > longest))
    throw badRequest(`Timeout should be between ${MIN_INTEGRATION_TIMEOUT_MS} ms and ${longest} ms`);
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
  const given = read.string(properties, name) ?? values[0];
  const value = values.find((candidate) => candidate === given);
  if (value === undefined) throw badRequest(`Invalid ${name} specified: ${given}`);
  return value;
}

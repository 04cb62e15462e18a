import type { Place } from '../place.ts';
import { sourceIp, toFunctionHeaders } from './request-headers.ts';
import type { RoutedRequest } from './routed-request.ts';

/**
 * The event that a Lambda proxy integration hands to its function (developer guide, "Input format of a Lambda function for
 * proxy integration"; payload format 1.0). The API has no binary media types, so the body is always text.
 */
export function toProxyEvent(request: RoutedRequest, place: Place): object {
  const { exchange, method, query, resource, stage, path, body } = request;
  const signed = method.authorizationType === 'AWS_IAM';
  const headers = toFunctionHeaders(exchange.incoming, signed);
  const queryValues = Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)]));
  const pathParameters = request.pathParameters;
  return {
    resource: resource.path,
    path,
    httpMethod: request.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastValues(queryValues)),
    multiValueQueryStringParameters: orNull(queryValues),
    pathParameters: orNull(pathParameters),
    stageVariables: stage.variables ?? null,
    requestContext: requestContext(request, place),
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  };
}

function requestContext(request: RoutedRequest, place: Place): object {
  const { exchange, resource, stage, apiId } = request;
  const { headers, httpVersion } = exchange.incoming;
  const host = headers.host ?? '';
  return {
    resourceId: resource.id,
    resourcePath: resource.path,
    httpMethod: request.httpMethod,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: commonLogTime(new Date(exchange.arrivedAt)),
    path: `/${stage.name}${request.path}`,
    accountId: place.accountId,
    protocol: `HTTP/${httpVersion}`,
    stage: stage.name,
    domainPrefix: host.split('.')[0] ?? '',
    requestTimeEpoch: exchange.arrivedAt,
    requestId: exchange.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: request.accessKeyId === undefined ? null : place.accountId,
      cognitoIdentityId: null,
      caller: request.accessKeyId ?? null,
      sourceIp: sourceIp(exchange.incoming),
      principalOrgId: null,
      accessKey: request.accessKeyId ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headers['user-agent'] ?? null,
      user: request.accessKeyId ?? null,
      ...(request.apiKey && { apiKey: request.apiKey.value, apiKeyId: request.apiKey.id }),
    },
    domainName: host,
    deploymentId: request.deployment.id,
    apiId,
  };
}

function lastValues(
  lists: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values[values.length - 1] ?? '']),
  );
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length === 0 ? null : values;
}

/** `22/Nov/2026:23:01:02 +0000`: the "CLF-formatted request time" of `$context.requestTime`. */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

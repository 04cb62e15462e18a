import type { Place } from '../../kernel/place.ts';
import { toFunctionHeaders } from './request-headers.ts';
import { requestOrigin } from './request-origin.ts';
import type { RoutedRequest } from './routed-request.ts';
import { basePathOf, seenPath } from './seen-path.ts';

/**
 * The event that a Lambda proxy integration hands to its function (developer guide, "Input format of a Lambda function for
 * proxy integration"; payload format 1.0). The API has no binary media types, so the body is always text.
 */
export function toProxyEvent(request: RoutedRequest, place: Place) {
  const { exchange, method, query, resource, stage, body } = request;
  const signed = method.authorizationType === 'AWS_IAM';
  const headers = toFunctionHeaders(exchange.incoming, signed);
  const queryValues = Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)]));
  const pathParameters = request.pathParameters;
  return {
    resource: resource.path,
    // A custom domain's base path is part of it.
    path: `${basePathOf(request.domain)}${request.path}`,
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
  const { exchange, resource, stage, apiId, caller, domain } = request;
  const { signer } = caller;
  const { sourceIp, vpcEndpointId } = requestOrigin(exchange.incoming);
  const { headers, httpVersion } = exchange.incoming;
  const host = domain?.name ?? headers.host ?? '';
  return {
    resourceId: resource.id,
    resourcePath: resource.path,
    httpMethod: request.httpMethod,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: commonLogTime(new Date(exchange.arrivedAt)),
    path: seenPath(stage.name, request.path, domain),
    accountId: place.accountId,
    protocol: `HTTP/${httpVersion}`,
    stage: stage.name,
    domainPrefix: host.split('.')[0] ?? '',
    requestTimeEpoch: exchange.arrivedAt,
    requestId: exchange.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: signer?.accountId ?? null,
      cognitoIdentityId: null,
      caller: signer?.userId ?? null,
      sourceIp,
      principalOrgId: null,
      accessKey: signer?.accessKeyId ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: signer?.arn ?? null,
      userAgent: headers['user-agent'] ?? null,
      user: signer?.userId ?? null,
      ...(vpcEndpointId !== undefined && { vpceId: vpcEndpointId }),
      ...(request.apiKey && { apiKey: request.apiKey.value, apiKeyId: request.apiKey.id }),
    },
    ...(caller.authorizer && { authorizer: caller.authorizer }),
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

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  basePathPrefix,
  contextPath,
  requestOrigin,
  requestTime,
  SOURCE_IP_HEADER,
  VPC_ENDPOINT_HEADER,
} from './request-context.ts';
import type { AuthorizedRequest } from './route.ts';
import { FAULT_HEADER } from '../../faults/fault.ts';

/** Developer guide, "Amazon API Gateway important notes": request headers that never reach a Lambda integration. */
const DROPPED_REQUEST_HEADERS = new Set([
  ...'connection content-md5 expect te trailer transfer-encoding upgrade'.split(' '),
  // The emulator's own headers: AWS would never pass them on.
  FAULT_HEADER,
  SOURCE_IP_HEADER,
  VPC_ENDPOINT_HEADER,
]);

/** Payload format 1.0 ("Input format of a Lambda function for proxy integration"). Without binary media types the body is text. */
export function toProxyEvent(request: AuthorizedRequest) {
  const { exchange, method, query, resource, stage, body } = request;
  const signed = method.authorizationType === 'AWS_IAM';
  const headers = toFunctionHeaders(exchange.incoming, signed);
  const queryValues = Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)]));
  return {
    resource: resource.path,
    // Includes the base path of a custom domain.
    path: `${basePathPrefix(request.domain)}${request.path}`,
    httpMethod: request.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastValues(queryValues)),
    multiValueQueryStringParameters: orNull(queryValues),
    pathParameters: orNull(request.pathParameters),
    stageVariables: stage.variables ?? null,
    requestContext: requestContext(request),
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  };
}

/** `requestContext` of the event, and `$context` of mapping templates. */
export function requestContext(request: AuthorizedRequest) {
  const { exchange, place, resource, stage, apiId, caller, domain } = request;
  const { signer } = caller;
  const { sourceIp, vpcEndpointId } = requestOrigin(exchange.incoming);
  const { headers, httpVersion } = exchange.incoming;
  const host = domain?.name ?? headers.host ?? '';
  return {
    resourceId: resource.id,
    resourcePath: resource.path,
    httpMethod: request.httpMethod,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: requestTime(exchange.arrivedAt),
    path: contextPath(stage.stageName, request.path, domain),
    accountId: place.accountId,
    protocol: `HTTP/${httpVersion}`,
    stage: stage.stageName,
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

function lastValues(lists: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values[values.length - 1] ?? '']));
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length === 0 ? null : values;
}

/** Names as the client wrote them. @param signed whether `Authorization` was for API Gateway, which does not pass it on then */
function toFunctionHeaders(incoming: IncomingMessage, signed: boolean): Readonly<Record<string, readonly string[]>> {
  // A map: a header may be called `constructor` or `__proto__`.
  const headers = new Map<string, readonly [name: string, values: string[]]>();
  const add = (name: string, value: string) => {
    const [spelling, values] = headers.get(name.toLowerCase()) ?? [name, []];
    headers.set(name.toLowerCase(), [spelling, [...values, value]]);
  };
  const raw = incoming.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED_REQUEST_HEADERS.has(lower) || lower.startsWith('x-forwarded-')) continue;
    if (lower === 'authorization' && (signed || value.startsWith('AWS4-'))) continue;
    add(name, value);
  }
  if (!headers.has('x-amzn-trace-id')) {
    const seconds = Math.floor(Date.now() / 1_000).toString(16);
    add('X-Amzn-Trace-Id', `Root=1-${seconds}-${randomBytes(12).toString('hex')}`);
  }
  const forwarded = incoming.headers['x-forwarded-for'];
  const hops = [forwarded, requestOrigin(incoming).sourceIp].flat().filter((hop) => hop !== undefined);
  add('X-Forwarded-For', hops.join(', '));
  add('X-Forwarded-Port', String((incoming.socket.address() as AddressInfo).port ?? ''));
  add('X-Forwarded-Proto', 'http');
  return Object.fromEntries(headers.values());
}

import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import type { Caller, EndpointRequest, Exchange } from './exchange.ts';
import { contextPath, requestOrigin, requestTime } from './request-context.ts';
import type { AuthorizedRequest } from './route.ts';

/** Fills an access log's format; a dash stands for an unknown variable ("Set up CloudWatch logging for REST APIs"). */
export function renderAccessLog(format: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return format.replaceAll(/\$context\.(\w+(?:\.\w+)*)/g, (_, name: string) => String(values[name] ?? '-'));
}

/**
 * The `$context` variables of one request. The times of the integration count from its call, in ms (developer guide, "Troubleshoot
 * issues with response streaming"): to all headers, to the first byte of content, and to the end of the stream.
 * @param authorized undefined for a request that was refused before its integration
 */
export function accessLogValues(
  exchange: Exchange,
  event: EndpointRequestEvent,
  authorized: AuthorizedRequest | undefined,
  facts: {
    readonly accountId: string;
    readonly domain: EndpointRequest['domain'] | undefined;
    readonly webaclArn: string | undefined;
  },
): Record<string, string | number | undefined> {
  const { accountId, domain, webaclArn } = facts;
  const { incoming, integration, caller, failure, waf } = exchange;
  const { sourceIp, vpcEndpointId } = requestOrigin(incoming);
  const { calledAt, headersAt, contentAt, endAt } = integration;
  const since = (at: number | undefined): number | undefined =>
    calledAt === undefined || at === undefined ? undefined : Math.round(at - calledAt);
  const latency = since(endAt);
  const errorMessage = failure?.form.hidden ? undefined : failure?.message;
  const host = domain?.name ?? incoming.headers.host;
  return {
    accountId,
    apiId: event.apiId,
    domainName: host,
    domainPrefix: host?.split('.')[0],
    'error.message': errorMessage,
    'error.messageString': errorMessage && JSON.stringify(errorMessage),
    'error.responseType': failure?.responseType,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: event.method,
    'identity.apiKeyId': authorized?.apiKey?.id,
    ...authorizerValues(caller),
    'identity.accountId': caller.signer?.accountId,
    'identity.caller': caller.signer?.userId,
    'identity.sourceIp': sourceIp,
    'identity.user': caller.signer?.userId,
    'identity.userArn': caller.signer?.arn,
    'identity.vpceId': vpcEndpointId,
    'identity.userAgent': incoming.headers['user-agent'],
    'integration.latency': latency,
    'integration.responseTransferMode': integration.mode,
    'integration.timeToAllHeaders': since(headersAt),
    'integration.timeToFirstContent': since(contentAt),
    integrationLatency: latency,
    path: contextPath(event.stage, event.path, domain),
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId: event.requestId,
    requestTime: requestTime(exchange.arrivedAt),
    requestTimeEpoch: exchange.arrivedAt,
    resourcePath: authorized?.resource.path,
    responseLatency: Math.round(event.durationMs),
    responseLength: event.bytes,
    stage: event.stage,
    status: event.status,
    wafResponseCode: waf && `WAF_${waf.toUpperCase()}`,
    webaclArn,
  };
}

/** Output of an authorizer, or the reason of its refusal (developer guide, "Variables for access logging"). */
function authorizerValues({ authorizer, error }: Caller): Record<string, string | undefined> {
  const { claims, ...own } = authorizer ?? {};
  const named = (prefix: string, values: object) =>
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, String(value)] as const);
  return {
    ...Object.fromEntries([...named('authorizer', own), ...named('authorizer.claims', claims ?? {})]),
    'authorizer.error': error,
  };
}

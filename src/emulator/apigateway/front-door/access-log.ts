import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import type { Place } from '../../kernel/place.ts';
import type { Caller } from '../caller.ts';
import type { EndpointRequest, Exchange } from './exchange.ts';
import { requestOrigin } from './request-origin.ts';
import type { RoutedRequest } from './routed-request.ts';
import { seenPath } from './seen-path.ts';

/**
 * Fills an access log's format (developer guide, "Set up CloudWatch logging for REST APIs"). A variable without a value, or that the
 * emulator does not know, is a dash, as in AWS.
 */
export function renderAccessLog(
  format: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  return format.replaceAll(/\$context\.(\w+(?:\.\w+)*)/g, (_, name: string) =>
    String(values[name] ?? '-'),
  );
}

/** What the log says beside the exchange. */
export interface LogFacts extends Pick<Place, 'accountId'> {
  readonly domain: EndpointRequest['domain'] | undefined;
  readonly webaclArn: string | undefined;
}

/**
 * The variables of one request. Those of the integration are times since its call, ms (developer guide, "Troubleshoot issues with
 * response streaming"): to all headers, to the first byte of content, and to the end of the stream.
 * @param routed undefined for a request that found no method
 */
export function accessLogValues(
  exchange: Exchange,
  event: EndpointRequestEvent,
  routed: RoutedRequest | undefined,
  { accountId, domain, webaclArn }: LogFacts,
): Record<string, string | number | undefined> {
  const { incoming, integration, caller, failure, waf } = exchange;
  const { sourceIp, vpcEndpointId } = requestOrigin(incoming);
  const { calledAt, headersAt, contentAt, endAt } = integration;
  const since = (at: number | undefined): number | undefined =>
    calledAt === undefined || at === undefined ? undefined : Math.round(at - calledAt);
  const latency = since(endAt);
  const said = failure?.form.hidden ? undefined : failure?.message;
  const host = domain?.name ?? incoming.headers.host;
  return {
    accountId,
    apiId: event.apiId,
    domainName: host,
    domainPrefix: host?.split('.')[0],
    'error.message': said,
    'error.messageString': said && JSON.stringify(said),
    'error.responseType': failure?.responseType,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: event.method,
    'identity.apiKeyId': routed?.apiKey?.id,
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
    path: seenPath(event.stage, event.path, domain),
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId: event.requestId,
    requestTime: clfTime(new Date(exchange.arrivedAt)),
    requestTimeEpoch: exchange.arrivedAt,
    resourcePath: routed?.resource.path,
    responseLatency: Math.round(event.durationMs),
    responseLength: event.bytes,
    stage: event.stage,
    status: event.status,
    wafResponseCode: waf && `WAF_${waf.toUpperCase()}`,
    webaclArn,
  };
}

/** What an authorizer found out, or why it let nobody in (developer guide, "Variables for access logging"). */
function authorizerValues({ authorizer, error }: Caller): Record<string, string | undefined> {
  const { claims, ...own } = authorizer ?? {};
  const named = (prefix: string, values: object) =>
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, String(value)] as const);
  return {
    ...Object.fromEntries([
      ...named('authorizer', own),
      ...named('authorizer.claims', claims ?? {}),
    ]),
    'authorizer.error': error,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:03:12:45 +0000` */
function clfTime(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split(/[T.]/);
  const [year, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

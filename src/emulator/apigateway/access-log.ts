import type { EndpointRequestEvent } from '../emulator-event.ts';
import type { Place } from '../place.ts';
import type { Exchange } from './exchange.ts';
import type { RoutedRequest } from './routed-request.ts';

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

/**
 * The variables of one request. Those of the integration are times since its call, ms (developer guide, "Troubleshoot issues with
 * response streaming"): to all headers, to the first byte of content, and to the end of the stream.
 * @param routed undefined for a request that found no method
 */
export function accessLogValues(
  exchange: Exchange,
  event: EndpointRequestEvent,
  routed: RoutedRequest | undefined,
  { accountId }: Place,
): Record<string, string | number | undefined> {
  const { incoming, integration } = exchange;
  const { calledAt, headersAt, contentAt, endAt } = integration;
  const since = (at: number | undefined): number | undefined =>
    calledAt === undefined || at === undefined ? undefined : Math.round(at - calledAt);
  const latency = since(endAt);
  return {
    accountId,
    apiId: event.apiId,
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: event.method,
    'identity.apiKeyId': routed?.apiKey?.id,
    'identity.sourceIp': incoming.socket.remoteAddress,
    'identity.userAgent': incoming.headers['user-agent'],
    'integration.latency': latency,
    'integration.responseTransferMode': integration.mode,
    'integration.timeToAllHeaders': since(headersAt),
    'integration.timeToFirstContent': since(contentAt),
    integrationLatency: latency,
    path: `/${event.stage}${event.path}`,
    protocol: `HTTP/${incoming.httpVersion}`,
    requestId: event.requestId,
    requestTime: clfTime(new Date(exchange.arrivedAt)),
    requestTimeEpoch: exchange.arrivedAt,
    resourcePath: routed?.resource.path,
    responseLatency: Math.round(event.durationMs),
    responseLength: event.bytes,
    stage: event.stage,
    status: event.status,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:03:12:45 +0000` */
function clfTime(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split(/[T.]/);
  const [year, month, dayOfMonth] = day.split('-');
  return `${dayOfMonth}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

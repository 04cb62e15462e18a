import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';
import { groupNameOf, type PutLogEvent } from '../../logs/store.ts';
import { createAuthorizerCache } from '../authorizers/authorizer-output.ts';
import { type Caller, type EndpointRequest, type Exchange, openExchange } from './exchange.ts';
import { GatewayError, internalServerError } from './gateway-error.ts';
import { lambdaIntegration } from './lambda-integration.ts';
import { mockIntegration } from './mock-integration.ts';
import { routeRequest } from './route-request.ts';
import { type AuthorizedRequest, type RouteInput, stageArn } from './route.ts';
import { createThrottle } from './throttle.ts';
import { contextPath, requestOrigin, requestTime } from './request-context.ts';

export interface ExecuteApiInput extends Omit<RouteInput, 'cache' | 'throttle'> {
  /** Writes the access logs of stages that have one. */
  readonly putLogEvent: PutLogEvent;
}

/** The front door: answers requests to `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. */
export function createExecuteApi(input: ExecuteApiInput) {
  const throttle = createThrottle(input.limits);
  const routing = { ...input, throttle, cache: createAuthorizerCache() };
  const open = new Set<Exchange>();
  return {
    usage: throttle.usage,
    /** Resolves when the client has its answer or has closed the connection. */
    async handle(request: EndpointRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
      let authorized: AuthorizedRequest | undefined;
      const exchange = openExchange(request, incoming, response, (event) => {
        writeAccessLog(exchange, event, authorized, request.domain, input);
        input.emit(event);
      });
      open.add(exchange);
      const work = async (): Promise<void> => {
        authorized = await routeRequest(request, exchange, routing);
        await runIntegration(authorized, input);
      };
      try {
        await Promise.race([work(), exchange.closed]);
      } catch (error) {
        const known = error instanceof GatewayError;
        exchange.fail(known ? error : internalServerError(500));
        if (!known) throw error;
      } finally {
        open.delete(exchange);
      }
      await exchange.closed;
    },
    /** Cuts the connections that are still open. */
    close(): void {
      for (const exchange of open) exchange.cut();
    },
  };
}

/** Answers through the request's exchange. @throws {GatewayError} the answer when the integration has none */
export async function runIntegration(request: AuthorizedRequest, input: Pick<ExecuteApiInput, 'lambda' | 'limits'>) {
  const { integration } = request.method;
  if (integration?.type === 'MOCK') await mockIntegration(request, integration);
  else if (integration) await lambdaIntegration(request, integration, input);
  else throw internalServerError(500, 'API_CONFIGURATION_ERROR');
}

/** Writes one line for each request to a stage that has an access log, refused or answered. */
function writeAccessLog(
  exchange: Exchange,
  event: EndpointRequestEvent,
  authorized: AuthorizedRequest | undefined,
  domain: EndpointRequest['domain'] | undefined,
  { store, place, putLogEvent, waf }: ExecuteApiInput,
): void {
  const { apiId, stage } = event;
  const log = store.restApis.get(apiId)?.stages.get(stage)?.accessLogSettings;
  if (!log) return;
  const values = {
    ...accessLogValues(exchange, event, authorized, domain),
    accountId: place.accountId,
    webaclArn: waf.webAclOf(stageArn(place, apiId, stage)),
  };
  // AWS has many log streams, each named by a hash; here one is enough.
  putLogEvent(groupNameOf(log.destinationArn), apiId, renderAccessLog(log.format, values));
}

/** Fills an access log's format; a dash stands for an unknown variable ("Set up CloudWatch logging for REST APIs"). */
export function renderAccessLog(format: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return format.replaceAll(/\$context\.(\w+(?:\.\w+)*)/g, (_, name: string) => String(values[name] ?? '-'));
}

/**
 * The `$context` variables of one request. The times of the integration count from its call, in ms (developer guide, "Troubleshoot
 * issues with response streaming"): to all headers, to the first byte of content, and to the end of the stream.
 * @param authorized undefined for a request that was refused before its integration
 */
function accessLogValues(
  exchange: Exchange,
  event: EndpointRequestEvent,
  authorized: AuthorizedRequest | undefined,
  domain: EndpointRequest['domain'] | undefined,
): Record<string, string | number | undefined> {
  const { incoming, integration, caller, failure, waf } = exchange;
  const { sourceIp, vpcEndpointId } = requestOrigin(incoming);
  const { calledAt, headersAt, contentAt, endAt } = integration;
  const since = (at: number | undefined): number | undefined =>
    calledAt === undefined || at === undefined ? undefined : Math.round(at - calledAt);
  const latency = since(endAt);
  const errorMessage = failure?.form.hidden ? undefined : failure?.message;
  const host = domain?.name ?? incoming.headers.host;
  return {
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

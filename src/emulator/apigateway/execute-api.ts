import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmitEvent, EndpointRequestEvent } from '../emulator-event.ts';
import type { Iam } from '../iam/iam.ts';
import type { Fault } from '../faults/fault.ts';
import { InvalidFaultError } from '../faults/parse-fault.ts';
import { FAULT_HEADER, readFaultHeader } from '../faults/read-fault-header.ts';
import { groupNameOf } from '../logs/logs.ts';
import type { PutLogEvent } from '../logs/log-events.ts';
import { arn, type Place } from '../place.ts';
import { accessLogValues, renderAccessLog } from './access-log.ts';
import type { ApiStore } from './api-store.ts';
import { type Authenticate, authorizeCaller } from './authorize.ts';
import { type EndpointRequest, type Exchange, openExchange } from './exchange.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { GatewayError, internalServerError, missingAuthenticationToken } from './gateway-error.ts';
import { lambdaIntegration } from './lambda-integration.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { matchRoute } from './match-route.ts';
import { mockIntegration } from './mock-integration.ts';
import { readBody } from './read-body.ts';
import { requireApiKey } from './require-api-key.ts';
import type { RoutedRequest } from './routed-request.ts';
import { createThrottle, type Throttle } from './throttle.ts';

export interface ExecuteApiInput {
  readonly place: Place;
  readonly store: ApiStore;
  readonly lambda: FunctionInvoker;
  readonly iam: Iam;
  readonly limits: ApiGatewayLimits;
  readonly emit: EmitEvent;
  /** Takes the access logs of stages that have one. */
  readonly putLogEvent?: PutLogEvent;
  readonly authenticate?: Authenticate;
}

/** The front door: what answers under `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. */
export interface ExecuteApi {
  /** Resolves when the client has its answer or has gone. */
  handle(
    request: EndpointRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void>;
  /** Cuts what is still running. */
  close(): void;
}

export function createExecuteApi(input: ExecuteApiInput): ExecuteApi {
  const throttle = createThrottle(input.limits);
  const open = new Set<Exchange>();
  return {
    async handle(request, incoming, response) {
      let routed: RoutedRequest | undefined;
      const exchange = openExchange(request, incoming, response, (event) => {
        writeAccessLog(exchange, event, routed, input);
        input.emit(event);
      });
      open.add(exchange);
      const work = async (): Promise<void> => {
        routed = await route(request, exchange, input, throttle);
        await answer(routed, input);
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
    close() {
      for (const exchange of open) exchange.cut();
    },
  };
}

async function answer(routed: RoutedRequest, input: ExecuteApiInput): Promise<void> {
  const { integration } = routed.method;
  if (integration?.type === 'MOCK') await mockIntegration(routed, integration);
  else if (integration) await lambdaIntegration(routed, integration, input);
  else throw internalServerError(500, 'API_CONFIGURATION_ERROR');
}

/** One line for each request to a stage that has an access log, whatever became of it. */
function writeAccessLog(
  exchange: Exchange,
  event: EndpointRequestEvent,
  routed: RoutedRequest | undefined,
  { store, place, putLogEvent }: ExecuteApiInput,
): void {
  const log = store.restApis.get(event.apiId)?.stages.get(event.stage)?.accessLog;
  if (!log || !putLogEvent) return;
  const values = accessLogValues(exchange, event, routed, place);
  // AWS names streams by a hash; one is enough here.
  putLogEvent(groupNameOf(log.destinationArn), event.apiId, renderAccessLog(log.format, values));
}

async function route(
  { apiId, stage: stageName, path }: EndpointRequest,
  exchange: Exchange,
  { place, store, iam, limits, authenticate }: ExecuteApiInput,
  throttle: Throttle,
): Promise<RoutedRequest> {
  const { incoming } = exchange;
  const api = store.restApis.get(apiId);
  const stage = api?.stages.get(stageName);
  const deployment = stage && api?.deployments.get(stage.deploymentId);
  if (!api || !deployment) {
    // AWS re:Post, "How do I troubleshoot HTTP 403 errors from API Gateway?": a stage that does not exist is Forbidden.
    throw new GatewayError(undefined, 403, 'ForbiddenException', 'Forbidden');
  }
  exchange.gatewayResponses = deployment.gatewayResponses;

  // Developer guide, "Amazon API Gateway important notes": API Gateway honours X-HTTP-Method-Override.
  const httpMethod = oneOf(incoming.headers['x-http-method-override']) ?? incoming.method ?? 'GET';
  const found = matchRoute(deployment.resources, path, httpMethod);
  if (!found) throw missingAuthenticationToken();

  const body = await readBody(incoming, limits.requestBytes);
  const resource = arn(place, 'execute-api', `${apiId}/${stageName}/${httpMethod}${path}`);
  const accessKeyId =
    found.method.authorizationType === 'AWS_IAM'
      ? authorizeCaller({ incoming, body, resource }, iam, authenticate)
      : undefined;
  const client = found.method.apiKeyRequired
    ? requireApiKey(store, { apiId, stage: stageName }, oneOf(incoming.headers['x-api-key']))
    : undefined;
  const { path: resourcePath } = found.resource;
  throttle.admit({
    apiId,
    stage,
    resourcePath,
    httpMethod,
    client: client && { plan: client.plan, keyId: client.key.id },
  });
  const faults = readFaults(incoming);
  const query = new URLSearchParams(/\?(.*)$/s.exec(incoming.url ?? '')?.[1]);
  const { endpointType } = api.settings;
  return {
    ...found,
    exchange,
    apiId,
    endpointType,
    stage,
    deployment,
    httpMethod,
    path,
    query,
    body,
    apiKey: client?.key,
    accessKeyId,
    ...(faults && { faults }),
  };
}

/** @throws {GatewayError} 400 for faults that are none: not AWS's error, but a typing mistake had better not go unseen */
function readFaults({ headers }: IncomingMessage): readonly Fault[] | undefined {
  try {
    return readFaultHeader(headers);
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    throw new GatewayError(undefined, 400, 'InvalidFault', `${FAULT_HEADER}: ${error.message}`);
  }
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

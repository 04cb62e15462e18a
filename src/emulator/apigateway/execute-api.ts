import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmitEvent } from '../emulator-event.ts';
import type { Iam } from '../iam/iam.ts';
import { arn, type Place } from '../place.ts';
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

export interface ExecuteApiInput {
  readonly place: Place;
  readonly store: ApiStore;
  readonly lambda: FunctionInvoker;
  readonly iam: Iam;
  readonly limits: ApiGatewayLimits;
  readonly emit: EmitEvent;
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
  const open = new Set<Exchange>();
  return {
    async handle(request, incoming, response) {
      const exchange = openExchange(request, incoming, response, input.emit);
      open.add(exchange);
      try {
        await Promise.race([answer(request, exchange, input), exchange.closed]);
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

async function answer(
  request: EndpointRequest,
  exchange: Exchange,
  input: ExecuteApiInput,
): Promise<void> {
  const routed = await route(request, exchange, input);
  const { integration } = routed.method;
  if (integration?.type === 'MOCK') await mockIntegration(routed, integration);
  else if (integration) await lambdaIntegration(routed, integration, input);
  else throw internalServerError(500, 'API_CONFIGURATION_ERROR');
}

async function route(
  { apiId, stage: stageName, path }: EndpointRequest,
  exchange: Exchange,
  { place, store, iam, limits, authenticate }: ExecuteApiInput,
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
  const apiKey = found.method.apiKeyRequired
    ? requireApiKey(store, { apiId, stage: stageName }, oneOf(incoming.headers['x-api-key']))
    : undefined;
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
    apiKey,
    accessKeyId,
  };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

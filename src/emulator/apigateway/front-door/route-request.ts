import type { IncomingMessage } from 'node:http';
import { type Fault, FAULT_HEADER } from '../../faults/fault.ts';
import { InvalidFaultError, readFaultHeader } from '../../faults/parse-fault.ts';
import { arn, type Place } from '../../kernel/place.ts';
import type { ApiStore } from '../store.ts';
import { type AuthorizationInput, authorize } from '../authorizers/authorize.ts';
import type { EndpointRequest, Exchange } from './exchange.ts';
import { forbidden, GatewayError, missingAuthenticationToken } from './gateway-error.ts';
import { matchRoute } from './match-route.ts';
import { readBody } from './read-body.ts';
import { requestOrigin } from './request-origin.ts';
import { requireApiKey } from '../authorizers/require-api-key.ts';
import type { RoutedRequest } from './routed-request.ts';
import { stageArn } from '../stage-arn.ts';
import type { Throttle } from './throttle.ts';
import type { WebAcls } from './web-acls.ts';

export interface RouteInput extends AuthorizationInput {
  readonly store: ApiStore;
  readonly throttle: Throttle;
  readonly waf?: WebAcls;
}

/**
 * Finds the method of a request and lets it in, in API Gateway's order: the web ACL, "evaluated before other access control
 * features, such as resource policies, IAM policies, Lambda authorizers, and Amazon Cognito authorizers" (developer guide, "Use AWS
 * WAF to protect your REST APIs"), those together, then the API key with its usage plan, and what throttles everybody.
 * @throws {GatewayError} what the client gets instead
 */
export async function routeRequest(
  { apiId, stage: stageName, path, domain }: EndpointRequest,
  exchange: Exchange,
  input: RouteInput,
): Promise<RoutedRequest> {
  const { place, store, limits, throttle } = input;
  const { incoming } = exchange;
  const api = store.restApis.get(apiId);
  const stage = api?.stages.get(stageName);
  const deployment = stage && api?.deployments.get(stage.deploymentId);
  // AWS re:Post, "How do I troubleshoot HTTP 403 errors from API Gateway?": a stage that does not exist is Forbidden.
  if (!api || !deployment) throw forbidden();
  exchange.gatewayResponses = deployment.gatewayResponses;
  const { endpointType, disableExecuteApiEndpoint } = api.settings;
  // Developer guide, "Disable the default endpoint for REST APIs": 403 Forbidden.
  if (disableExecuteApiEndpoint && !domain) throw forbidden();
  // Developer guide, "Private REST APIs": "can only be accessed from within a VPC", by an interface endpoint.
  const { vpcEndpointId, sourceIp } = requestOrigin(incoming);
  if (endpointType === 'PRIVATE' && vpcEndpointId === undefined) throw forbidden();
  inspect(exchange, stageArn(place, apiId, stageName), sourceIp, input.waf);

  // Developer guide, "Amazon API Gateway important notes": API Gateway honours X-HTTP-Method-Override.
  const httpMethod = oneOf(incoming.headers['x-http-method-override']) ?? incoming.method ?? 'GET';
  const found = matchRoute(deployment.resources, path, httpMethod);
  if (!found) throw missingAuthenticationToken();

  const body = await readBody(incoming, limits.requestBytes);
  const request = {
    ...found,
    exchange,
    apiId,
    endpointType,
    stage,
    deployment,
    httpMethod,
    path,
    query: new URLSearchParams(/\?(.*)$/s.exec(incoming.url ?? '')?.[1]),
    body,
    ...(domain && { domain }),
  };
  const methodArn = methodArnOf(place, request);
  const { policy } = deployment;
  const target = { place, apiId, methodArn, incoming, policy };
  const caller = await authorize({ ...request, target }, input).catch((error: unknown) => {
    if (error instanceof GatewayError) exchange.caller = { error: error.message };
    throw error;
  });
  exchange.caller = caller;

  const client = found.method.apiKeyRequired
    ? requireApiKey(store, { apiId, stage: stageName }, oneOf(incoming.headers['x-api-key']))
    : undefined;
  throttle.admit({
    apiId,
    stage,
    resourcePath: found.resource.path,
    httpMethod,
    client: client && { plan: client.plan, keyId: client.key.id },
  });
  const faults = readFaults(incoming);
  return { ...request, caller, apiKey: client?.key, ...(faults && { faults }) };
}

function inspect(exchange: Exchange, stage: string, sourceIp: string, waf?: WebAcls): void {
  exchange.waf = waf?.inspect(stage, { sourceIp });
  if (exchange.waf === 'block') throw forbidden('WAF_FILTERED');
}

/** What policies allow: the path as it is called, not the resource that it leads to. */
function methodArnOf(
  place: Place,
  {
    apiId,
    stage,
    httpMethod,
    path,
  }: Pick<RoutedRequest, 'apiId' | 'stage' | 'httpMethod' | 'path'>,
): string {
  return arn(place, 'execute-api', `${apiId}/${stage.name}/${httpMethod}${path}`);
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

import type { IncomingMessage } from 'node:http';
import { authorizeByToken } from '../authorizers/cognito-authorizer.ts';
import { authorizeSigner } from '../authorizers/iam-authorization.ts';
import { authorizeByFunction } from '../authorizers/lambda-authorizer.ts';
import { requireResourceAllow } from '../authorizers/resource-policy.ts';
import type { Caller, EndpointRequest, Exchange } from './exchange.ts';
import { authorizerError, forbidden, GatewayError, missingAuthenticationToken } from './gateway-error.ts';
import { requestOrigin } from './request-context.ts';
import { type AuthorizedRequest, matchRoute, type RoutedRequest, type RouteInput, stageArn } from './route.ts';
import type { ApiStore } from '../store.ts';
import { type Fault, FAULT_HEADER } from '../../faults/fault.ts';
import { InvalidFaultError, readFaultHeader } from '../../faults/parse-fault.ts';
import { readWhole } from '../../kernel/client-connection.ts';
import { arn } from '../../kernel/place.ts';

/**
 * Finds the method of a request and authorizes it, in API Gateway's order: the web ACL, "evaluated before other access control
 * features, such as resource policies, IAM policies, Lambda authorizers, and Amazon Cognito authorizers" (developer guide, "Use AWS
 * WAF to protect your REST APIs"), those together, then the API key with its usage plan, and throttling.
 * @throws {GatewayError} the answer to a request that is refused
 */
export async function routeRequest(endpoint: EndpointRequest, exchange: Exchange, input: RouteInput): Promise<AuthorizedRequest> {
  const { apiId, stage: stageName, path, domain } = endpoint;
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
  // Developer guide, "Private REST APIs": "can only be accessed from within a VPC", through an interface endpoint.
  const { vpcEndpointId, sourceIp } = requestOrigin(incoming);
  if (endpointType === 'PRIVATE' && vpcEndpointId === undefined) throw forbidden();
  exchange.waf = input.waf.inspect(stageArn(place, apiId, stageName), { sourceIp });
  if (exchange.waf === 'block') throw forbidden('WAF_FILTERED');

  // Developer guide, "Amazon API Gateway important notes": API Gateway honours X-HTTP-Method-Override.
  const httpMethod = firstValue(incoming.headers['x-http-method-override']) ?? incoming.method ?? 'GET';
  const found = matchRoute(deployment.resources, path, httpMethod);
  if (!found) throw missingAuthenticationToken();

  const body = await readBody(incoming, limits.requestBytes);
  const request = {
    ...found,
    exchange,
    place,
    apiId,
    endpointType,
    stage,
    deployment,
    httpMethod,
    methodArn: arn(place, 'execute-api', `${apiId}/${stageName}/${httpMethod}${path}`),
    path,
    query: new URLSearchParams(/\?(.*)$/s.exec(incoming.url ?? '')?.[1]),
    body,
    ...(domain && { domain }),
  };
  const caller = await authorizeCaller(request, input).catch((error: unknown) => {
    if (error instanceof GatewayError) exchange.caller = { error: error.message };
    throw error;
  });
  exchange.caller = caller;

  const client = found.method.apiKeyRequired
    ? requireApiKey(store, apiId, stageName, firstValue(incoming.headers['x-api-key']))
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

/** "How API Gateway resource policies affect authorization workflow" (developer guide). @throws {GatewayError} 401, 403 or 500 */
async function authorizeCaller(request: RoutedRequest, input: RouteInput): Promise<Caller> {
  const { method, deployment } = request;
  const authorizer = deployment.authorizers.get(method.authorizerId ?? '');
  switch (method.authorizationType) {
    case 'NONE':
      // "Evaluation of the policy involves seeking an explicit allow."
      requireResourceAllow(request);
      return {};
    case 'AWS_IAM':
      return authorizeSigner(request, input);
    case 'COGNITO_USER_POOLS':
      if (!authorizer) break;
      return authorizeByToken(request, authorizer, input);
    case 'CUSTOM':
      if (!authorizer) break;
      return authorizeByFunction(request, authorizer, input);
  }
  throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', 'the method has no authorizer');
}

/** @throws {GatewayError} 413, in plain text and not customisable ("Amazon API Gateway important notes", reports of users) */
async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const body = await readWhole(incoming, limitBytes);
  if (body) return body;
  const message = `HTTP content length exceeded ${limitBytes} bytes.`;
  throw new GatewayError(undefined, 'RequestEntityTooLargeException', message, { status: 413, plainText: true });
}

/** Finds the key of `x-api-key` and its usage plan for the stage. @throws {GatewayError} 403 without an enabled one */
function requireApiKey(store: ApiStore, apiId: string, stageName: string, value: string | undefined) {
  const key = [...store.apiKeys.values()].find((candidate) => candidate.value === value);
  const plan = [...store.usagePlans.values()].find(
    (plan) =>
      key !== undefined &&
      plan.keyIds.has(key.id) &&
      plan.apiStages.some((allowed) => allowed.apiId === apiId && allowed.stage === stageName),
  );
  if (!key?.enabled || !plan) throw forbidden('INVALID_API_KEY');
  return { key, plan };
}

/** @throws {GatewayError} 400 for a malformed fault: not an error of AWS, but it makes a typing mistake visible */
function readFaults({ headers }: IncomingMessage): readonly Fault[] | undefined {
  try {
    return readFaultHeader(headers);
  } catch (error) {
    if (!(error instanceof InvalidFaultError)) throw error;
    throw new GatewayError(undefined, 'InvalidFault', `${FAULT_HEADER}: ${error.message}`, { status: 400 });
  }
}

function firstValue(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

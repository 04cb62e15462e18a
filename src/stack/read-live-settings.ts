import {
  type APIGatewayClient,
  GetAuthorizersCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
  GetRestApiCommand,
  GetStageCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Stack } from '../aws/stack.ts';
import type {
  AuthorizerSettings,
  DomainSettings,
  FunctionSettings,
  LiveSettings,
  PlanSettings,
  Reading,
  StageSettings,
} from './live-settings.ts';
import { readIntegrations } from './integrations.ts';
import { redactArns } from '../aws/arns.ts';

/** The settings of all methods, as the template makes them. */
const ALL_METHODS = '*/*';

const AUTHORIZER_MODES = new Set(['cognito', 'lambda']);

/**
 * Reads how the stack's resources are set, from the services themselves and all at once. What cannot be read is unknown, with the
 * reason.
 * @returns undefined for a stack that has no API yet
 */
export async function readLiveSettings(
  { outputs }: Stack,
  apiGateway: APIGatewayClient,
  lambda: LambdaClient,
): Promise<LiveSettings | undefined> {
  const { ApiId: restApiId, StageName: stageName, FunctionName: functionName, ApiKeyId } = outputs;
  const { AuthMode: authMode = '', DomainName: domainName } = outputs;
  if (!restApiId || !stageName || !functionName) return undefined;
  const [endpointType, integrations, stage, plan, fn, authorizer, domain] = await Promise.all([
    read(() => readEndpointType(apiGateway, restApiId)),
    read(() => readIntegrations(apiGateway, restApiId)),
    read(() => readStage(apiGateway, restApiId, stageName)),
    read(async () => (ApiKeyId ? readPlan(apiGateway, ApiKeyId, restApiId) : undefined)),
    read(() => readFunction(lambda, functionName)),
    // Asked only where there is one: nobody needs the permission for what is off.
    read(async () =>
      AUTHORIZER_MODES.has(authMode) ? readAuthorizer(apiGateway, restApiId) : undefined,
    ),
    read(async () => (domainName ? readDomain(apiGateway, domainName, restApiId) : undefined)),
  ]);
  return { endpointType, integrations, stage, plan, function: fn, authorizer, domain };
}

async function read<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { type: 'known', value: await ask() };
  } catch (error) {
    const { name, message } = error as Error;
    const reason = name.startsWith('AccessDenied') ? 'no permission' : redactArns(message);
    return { type: 'unknown', reason };
  }
}

async function readEndpointType(client: APIGatewayClient, restApiId: string): Promise<string> {
  const { endpointConfiguration } = await client.send(new GetRestApiCommand({ restApiId }));
  // Edge-optimised when nothing is said (developer guide, "API endpoint types").
  return endpointConfiguration?.types?.[0] ?? 'EDGE';
}

async function readStage(
  client: APIGatewayClient,
  restApiId: string,
  stageName: string,
): Promise<StageSettings> {
  const stage = await client.send(new GetStageCommand({ restApiId, stageName }));
  const { throttlingRateLimit, throttlingBurstLimit } = stage.methodSettings?.[ALL_METHODS] ?? {};
  return {
    throttle: { rateLimit: throttlingRateLimit, burstLimit: throttlingBurstLimit },
    hasAccessLog: Boolean(stage.accessLogSettings?.destinationArn),
    traces: stage.tracingEnabled === true,
    webAclArn: stage.webAclArn,
    updatedAt: stage.lastUpdatedDate,
  };
}

async function readPlan(
  client: APIGatewayClient,
  keyId: string,
  restApiId: string,
): Promise<PlanSettings | undefined> {
  const { items = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
  const plan = items.find(({ apiStages = [] }) =>
    apiStages.some(({ apiId }) => apiId === restApiId),
  );
  if (!plan) return undefined;
  const { throttle, quota } = plan;
  return {
    throttle: { rateLimit: throttle?.rateLimit, burstLimit: throttle?.burstLimit },
    quota: quota && { limit: quota.limit ?? 0, period: (quota.period ?? '').toLowerCase() },
  };
}

async function readFunction(client: LambdaClient, name: string): Promise<FunctionSettings> {
  const answer = await client.send(new GetFunctionCommand({ FunctionName: name }));
  const found = answer.Configuration ?? {};
  return {
    runtime: found.Runtime ?? 'unknown',
    architecture: found.Architectures?.[0] ?? 'x86_64',
    memoryMb: found.MemorySize ?? 0,
    timeoutMs: (found.Timeout ?? 0) * 1_000,
    state: found.State,
    stateReason: found.StateReason,
    codeBytes: found.CodeSize ?? 0,
    variables: found.Environment?.Variables ?? {},
    traces: found.TracingConfig?.Mode === 'Active',
    reservedConcurrency: answer.Concurrency?.ReservedConcurrentExecutions,
  };
}

/** The authorizer of the API; undefined when it has none. The template makes one at most. */
async function readAuthorizer(
  client: APIGatewayClient,
  restApiId: string,
): Promise<AuthorizerSettings | undefined> {
  const { items: [found] = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  if (!found) return undefined;
  const functionArn = /functions\/(.+)\/invocations$/.exec(found.authorizerUri ?? '')?.[1];
  return {
    type: found.type ?? '',
    arns: functionArn === undefined ? (found.providerARNs ?? []) : [functionArn],
    ttlSeconds: found.authorizerResultTtlInSeconds,
  };
}

/** A custom domain, with the paths below it that lead to the API: empty for all of it. */
async function readDomain(
  client: APIGatewayClient,
  domainName: string,
  apiId: string,
): Promise<DomainSettings> {
  const [domain, { items = [] }] = await Promise.all([
    client.send(new GetDomainNameCommand({ domainName })),
    client.send(new GetBasePathMappingsCommand({ domainName })),
  ]);
  return {
    securityPolicy: domain.securityPolicy ?? '',
    status: domain.domainNameStatus ?? 'AVAILABLE',
    target: domain.regionalDomainName ?? domain.distributionDomainName ?? '',
    paths: items
      .filter(({ restApiId }) => restApiId === apiId)
      .map(({ basePath = '' }) => (basePath === '(none)' ? '' : basePath)),
  };
}

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
import { readIntegrations } from './integrations.ts';
import { redactArns } from '../aws/arns.ts';

/** A value that was read from a service, or the reason why it could not be read. */
export type Reading<T> = { readonly type: 'known'; readonly value: T } | { readonly type: 'unknown'; readonly reason: string };

/** The value that was read, if it was. */
export function known<T>(reading: Reading<T> | undefined): T | undefined {
  return reading?.type === 'known' ? reading.value : undefined;
}

/** Current settings of a stack's resources, whatever its template says. */
export type LiveSettings = NonNullable<Awaited<ReturnType<typeof readLiveSettings>>>;

/** Key of the settings for all methods of the stage. */
const ALL_METHODS = '*/*';

const AUTHORIZER_MODES = new Set(['cognito', 'lambda']);

/**
 * Reads the current settings of a stack's resources from the services, in parallel. An unreadable setting is `unknown`, with the reason.
 * @returns undefined for a stack without an API
 */
export async function readLiveSettings({ outputs }: Stack, apiGateway: APIGatewayClient, lambda: LambdaClient) {
  const { ApiId: restApiId, StageName: stageName, FunctionName: functionName, ApiKeyId } = outputs;
  const { AuthMode: authMode = '', DomainName: domainName } = outputs;
  if (!restApiId || !stageName || !functionName) return undefined;
  const [endpointType, integrations, stage, plan, fn, authorizer, domain] = await Promise.all([
    read(() => readEndpointType(apiGateway, restApiId)),
    read(() => readIntegrations(apiGateway, restApiId)),
    read(() => readStage(apiGateway, restApiId, stageName)),
    read(async () => (ApiKeyId ? readPlan(apiGateway, ApiKeyId, restApiId) : undefined)),
    read(() => readFunction(lambda, functionName)),
    // Read only when in use, so that nobody needs the permission otherwise.
    read(async () => (AUTHORIZER_MODES.has(authMode) ? readAuthorizer(apiGateway, restApiId) : undefined)),
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

/** `REGIONAL`, `EDGE` or `PRIVATE`. */
async function readEndpointType(client: APIGatewayClient, restApiId: string): Promise<string> {
  const { endpointConfiguration } = await client.send(new GetRestApiCommand({ restApiId }));
  // EDGE is the default (developer guide, "API endpoint types").
  return endpointConfiguration?.types?.[0] ?? 'EDGE';
}

async function readStage(client: APIGatewayClient, restApiId: string, stageName: string) {
  const stage = await client.send(new GetStageCommand({ restApiId, stageName }));
  const { throttlingRateLimit, throttlingBurstLimit } = stage.methodSettings?.[ALL_METHODS] ?? {};
  return {
    throttle: { rateLimit: throttlingRateLimit, burstLimit: throttlingBurstLimit },
    /** An access log is written. */
    hasAccessLog: Boolean(stage.accessLogSettings?.destinationArn),
    /** X-Ray. */
    traces: stage.tracingEnabled === true,
    /** Undefined for a stage without a web ACL. */
    webAclArn: stage.webAclArn,
    updatedAt: stage.lastUpdatedDate,
  };
}

/** @returns undefined for a key that no usage plan of the API has */
async function readPlan(client: APIGatewayClient, keyId: string, restApiId: string) {
  const { items = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
  const plan = items.find(({ apiStages = [] }) => apiStages.some(({ apiId }) => apiId === restApiId));
  if (!plan) return undefined;
  const { throttle, quota } = plan;
  return {
    throttle: { rateLimit: throttle?.rateLimit, burstLimit: throttle?.burstLimit },
    quota: quota && { limit: quota.limit ?? 0, period: (quota.period ?? '').toLowerCase() },
  };
}

async function readFunction(client: LambdaClient, name: string) {
  const answer = await client.send(new GetFunctionCommand({ FunctionName: name }));
  const found = answer.Configuration ?? {};
  return {
    runtime: found.Runtime ?? 'unknown',
    architecture: found.Architectures?.[0] ?? 'x86_64',
    memoryMb: found.MemorySize ?? 0,
    timeoutMs: (found.Timeout ?? 0) * 1_000,
    /** `Active`, `Pending`, `Inactive` or `Failed`; some answers leave it out. */
    state: found.State,
    stateReason: found.StateReason,
    codeBytes: found.CodeSize ?? 0,
    variables: (found.Environment?.Variables ?? {}) as Readonly<Record<string, string>>,
    /** X-Ray. */
    traces: found.TracingConfig?.Mode === 'Active',
    /** Undefined without a reserve. */
    reservedConcurrency: answer.Concurrency?.ReservedConcurrentExecutions,
  };
}

/** Undefined for an API without an authorizer; the template creates at most one. */
async function readAuthorizer(client: APIGatewayClient, restApiId: string) {
  const { items: [found] = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  if (!found) return undefined;
  const functionArn = /functions\/(.+)\/invocations$/.exec(found.authorizerUri ?? '')?.[1];
  return {
    /** `COGNITO_USER_POOLS` or `REQUEST`. */
    type: found.type ?? '',
    /** ARNs of the user pools, or of the function. */
    arns: functionArn === undefined ? (found.providerARNs ?? []) : [functionArn],
    ttlSeconds: found.authorizerResultTtlInSeconds,
  };
}

/** A custom domain, with the paths that are mapped to the API. */
async function readDomain(client: APIGatewayClient, domainName: string, apiId: string) {
  const [domain, { items = [] }] = await Promise.all([
    client.send(new GetDomainNameCommand({ domainName })),
    client.send(new GetBasePathMappingsCommand({ domainName })),
  ]);
  return {
    securityPolicy: domain.securityPolicy ?? '',
    /** `AVAILABLE`, `UPDATING` or `PENDING`. */
    status: (domain.domainNameStatus ?? 'AVAILABLE') as string,
    /** Name that the DNS record has to point to. */
    target: domain.regionalDomainName ?? domain.distributionDomainName ?? '',
    /** The empty path is all of the domain. */
    paths: items
      .filter(({ restApiId }) => restApiId === apiId)
      .map(({ basePath = '' }) => (basePath === '(none)' ? '' : basePath)),
  };
}

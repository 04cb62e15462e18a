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
import { type MethodIntegration, readIntegrations } from './integrations.ts';
import { redactArns } from '../aws/arns.ts';

/** A value that was read from a service, or the reason why it could not be read. */
export type Reading<T> = { readonly type: 'known'; readonly value: T } | { readonly type: 'unknown'; readonly reason: string };

interface Throttle {
  readonly rateLimit: number | undefined;
  readonly burstLimit: number | undefined;
}

interface StageSettings {
  readonly throttle: Throttle;
  /** An access log is written. */
  readonly hasAccessLog: boolean;
  /** X-Ray. */
  readonly traces: boolean;
  /** Undefined for a stage without a web ACL. */
  readonly webAclArn: string | undefined;
  readonly updatedAt: Date | undefined;
}

interface PlanSettings {
  readonly throttle: Throttle;
  readonly quota: { readonly limit: number; readonly period: string } | undefined;
}

export interface FunctionSettings {
  readonly runtime: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** `Active`, `Pending`, `Inactive` or `Failed`; some answers leave it out. */
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly codeBytes: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Reserved concurrency. */
  readonly reservedConcurrency: number | undefined;
  /** X-Ray. */
  readonly traces: boolean;
}

interface AuthorizerSettings {
  /** `COGNITO_USER_POOLS` or `REQUEST`. */
  readonly type: string;
  /** ARNs of the user pools, or of the function. */
  readonly arns: readonly string[];
  readonly ttlSeconds: number | undefined;
}

interface DomainSettings {
  readonly securityPolicy: string;
  /** `AVAILABLE`, `UPDATING` or `PENDING`. */
  readonly status: string;
  /** Name that the DNS record has to point to. */
  readonly target: string;
  /** Paths of the domain that are mapped to the API; the empty path is all of it. */
  readonly paths: readonly string[];
}

/** Current settings of a stack's resources, whatever its template says. */
export interface LiveSettings {
  /** `REGIONAL`, `EDGE` or `PRIVATE`. */
  readonly endpointType: Reading<string>;
  readonly integrations: Reading<readonly MethodIntegration[]>;
  readonly stage: Reading<StageSettings>;
  /** Undefined for an API without keys. */
  readonly plan: Reading<PlanSettings | undefined>;
  readonly function: Reading<FunctionSettings>;
  /** Undefined in auth modes without one. */
  readonly authorizer: Reading<AuthorizerSettings | undefined>;
  /** Undefined without a domain. */
  readonly domain: Reading<DomainSettings | undefined>;
}

/** Key of the settings for all methods of the stage. */
const ALL_METHODS = '*/*';

const AUTHORIZER_MODES = new Set(['cognito', 'lambda']);

/**
 * Reads the current settings of a stack's resources from the services, in parallel. An unreadable setting is `unknown`, with the reason.
 * @returns undefined for a stack without an API
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

async function readEndpointType(client: APIGatewayClient, restApiId: string): Promise<string> {
  const { endpointConfiguration } = await client.send(new GetRestApiCommand({ restApiId }));
  // EDGE is the default (developer guide, "API endpoint types").
  return endpointConfiguration?.types?.[0] ?? 'EDGE';
}

async function readStage(client: APIGatewayClient, restApiId: string, stageName: string): Promise<StageSettings> {
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

async function readPlan(client: APIGatewayClient, keyId: string, restApiId: string): Promise<PlanSettings | undefined> {
  const { items = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
  const plan = items.find(({ apiStages = [] }) => apiStages.some(({ apiId }) => apiId === restApiId));
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

/** Undefined for an API without an authorizer; the template creates at most one. */
async function readAuthorizer(client: APIGatewayClient, restApiId: string): Promise<AuthorizerSettings | undefined> {
  const { items: [found] = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  if (!found) return undefined;
  const functionArn = /functions\/(.+)\/invocations$/.exec(found.authorizerUri ?? '')?.[1];
  return {
    type: found.type ?? '',
    arns: functionArn === undefined ? (found.providerARNs ?? []) : [functionArn],
    ttlSeconds: found.authorizerResultTtlInSeconds,
  };
}

/** A custom domain, with the paths that are mapped to the API. */
async function readDomain(client: APIGatewayClient, domainName: string, apiId: string): Promise<DomainSettings> {
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

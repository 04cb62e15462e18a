import type { ApiResource, Authorizer, Deployment, Method, RestApi, Stage } from './rest-api.ts';
import { AwsError } from '../kernel/aws-error.ts';

/** The state of API Gateway for one account and Region. */
export interface ApiStore {
  readonly restApis: Map<string, RestApi>;
  readonly apiKeys: Map<string, ApiKey>;
  readonly usagePlans: Map<string, UsagePlan>;
  /** By name. */
  readonly domainNames: Map<string, DomainName>;
  /** By `{domain name}|{base path}`. */
  readonly basePathMappings: Map<string, BasePathMapping>;
  /** Role that API Gateway writes logs with: one for the whole account and Region. */
  cloudWatchRoleArn: string | undefined;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The stages that its API keys may call, and how often. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly apiStages: readonly { readonly apiId: string; readonly stage: string }[];
  readonly throttle: { readonly burstLimit: number; readonly rateLimit: number } | undefined;
  readonly quota: Quota | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Ids of its API keys. */
  readonly keyIds: ReadonlySet<string>;
}

export interface Quota {
  readonly limit: number;
  readonly offset: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** A custom domain name. */
export interface DomainName {
  readonly name: string;
  readonly arn: string;
  readonly endpointType: 'EDGE' | 'REGIONAL';
  readonly certificateArn: string;
  readonly securityPolicy: string;
  readonly endpointAccessMode: string | undefined;
  /** The target of DNS records: a Regional endpoint, or a CloudFront distribution. */
  readonly target: string;
  /** Hosted zone of the target, for an alias record. */
  readonly targetHostedZoneId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The API and stage that a base path of a domain leads to. */
export interface BasePathMapping {
  readonly domainName: string;
  /** `(none)` for the root of the domain. */
  readonly basePath: string;
  readonly apiId: string;
  readonly stage: string | undefined;
}

/** Base path of a mapping of the domain's root. */
export const NO_BASE_PATH = '(none)';

export function createApiStore(cloudWatchRoleArn?: string): ApiStore {
  return {
    restApis: new Map(),
    apiKeys: new Map(),
    usagePlans: new Map(),
    domainNames: new Map(),
    basePathMappings: new Map(),
    cloudWatchRoleArn,
  };
}

/** @throws {AwsError} NotFoundException (404), as all the functions below do */
export function findRestApi(store: ApiStore, apiId: string): RestApi {
  return found(store.restApis.get(apiId), `Invalid API identifier specified ${apiId}`);
}

export function findResource(api: RestApi, resourceId: string): ApiResource {
  return found(api.resources.get(resourceId), 'Invalid Resource identifier specified');
}

export function findMethod(resource: ApiResource, httpMethod: string): Method {
  return found(resource.methods.get(httpMethod), 'Invalid Method identifier specified');
}

export function findDeployment(api: RestApi, deploymentId: string): Deployment {
  return found(api.deployments.get(deploymentId), 'Invalid Deployment identifier specified');
}

export function findStage(api: RestApi, stageName: string): Stage {
  return found(api.stages.get(stageName), 'Invalid Stage identifier specified');
}

export function findAuthorizer(api: RestApi, authorizerId: string): Authorizer {
  return found(api.authorizers.get(authorizerId), 'Invalid Authorizer identifier specified');
}

export function findDomainName(store: ApiStore, name: string): DomainName {
  return found(store.domainNames.get(name), 'Invalid domain name identifier specified');
}

/** @param basePath `(none)` for the root of the domain */
export function findBasePathMapping(store: ApiStore, domainName: string, basePath: string): BasePathMapping {
  return found(
    store.basePathMappings.get(`${domainName}|${basePath}`),
    'Invalid base path mapping identifier specified',
  );
}

export function findApiKey(store: ApiStore, keyId: string): ApiKey {
  return found(store.apiKeys.get(keyId), 'Invalid API Key identifier specified');
}

export function findUsagePlan(store: ApiStore, planId: string): UsagePlan {
  return found(store.usagePlans.get(planId), 'Invalid Usage Plan ID specified');
}

/** Changes a copy of a resource's methods: deployments keep the methods that they were made with. */
export function replaceMethods(
  api: RestApi,
  resource: ApiResource,
  change: (methods: Map<string, Method>) => void,
): void {
  const methods = new Map(resource.methods);
  change(methods);
  api.resources.set(resource.id, { ...resource, methods });
}

function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw notFound(message);
  return value;
}

/** Errors of the control plane (API Gateway API reference, "Errors"), in the words of the operation. */
export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', 400, message);
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', 404, message);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', 409, message);
}

import { errorType } from '../kernel/aws-error.ts';
import { read } from '../kernel/properties.ts';
import type { ResourceStep } from '../kernel/resource-provider.ts';
import type { ApiResource, Method, RestApi } from './rest-api.ts';

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
  readonly createdDate: Date;
  readonly lastUpdatedDate: Date;
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
  readonly keyIds: Set<string>;
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

/** Finds one item. @throws {AwsError} NotFoundException (404) that says what is wrong */
const finder =
  <Owner, Item>(itemsOf: (owner: Owner) => ReadonlyMap<string, Item>, what: string) =>
  (owner: Owner, key: string): Item => {
    const item = itemsOf(owner).get(key);
    if (item === undefined) throw notFound(`Invalid ${what} identifier specified`);
    return item;
  };

export const findResource = finder((api: RestApi) => api.resources, 'Resource');
export const findMethod = finder((resource: ApiResource) => resource.methods, 'Method');
export const findDeployment = finder((api: RestApi) => api.deployments, 'Deployment');
export const findStage = finder((api: RestApi) => api.stages, 'Stage');
export const findAuthorizer = finder((api: RestApi) => api.authorizers, 'Authorizer');
export const findDomainName = finder((store: ApiStore) => store.domainNames, 'domain name');
/** By `{domain name}|{base path}`. */
export const findBasePathMapping = finder((store: ApiStore) => store.basePathMappings, 'base path mapping');
export const findApiKey = finder((store: ApiStore) => store.apiKeys, 'API Key');

/** @throws {AwsError} NotFoundException (404), as all the functions below do */
export function findRestApi(store: ApiStore, apiId: string): RestApi {
  const api = store.restApis.get(apiId);
  if (!api) throw notFound(`Invalid API identifier specified ${apiId}`);
  return api;
}

export function findUsagePlan(store: ApiStore, planId: string): UsagePlan {
  const plan = store.usagePlans.get(planId);
  if (!plan) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

/** The API that a resource belongs to, by its property `RestApiId`. */
export function apiOf(store: ApiStore, { properties }: Pick<ResourceStep, 'properties'>): RestApi {
  return findRestApi(store, read.required(properties, 'RestApiId'));
}

/** The same; undefined when the API has been deleted. */
export function existingApi(store: ApiStore, { properties }: Pick<ResourceStep, 'properties'>): RestApi | undefined {
  return store.restApis.get(read.required(properties, 'RestApiId'));
}

/** Changes a copy of a resource's methods: deployments keep the methods that they were made with. */
export function replaceMethods(api: RestApi, resource: ApiResource, change: (methods: Map<string, Method>) => void): void {
  const methods = new Map(resource.methods);
  change(methods);
  api.resources.set(resource.id, { ...resource, methods });
}

/** Errors of the control plane (API Gateway API reference, "Errors"), in the words of the operation. */
export const badRequest = errorType('BadRequestException', 400);
export const notFound = errorType('NotFoundException', 404);
export const conflict = errorType('ConflictException', 409);

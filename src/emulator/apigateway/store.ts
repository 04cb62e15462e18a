import { errorType } from '../kernel/aws-error.ts';
import { read } from '../kernel/properties.ts';
import type { ResourceStep } from '../kernel/resource-provider.ts';
import type { ApiResource, Method, RestApi } from './rest-api.ts';

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

/** The state of API Gateway for one account and Region. */
export type ApiStore = ReturnType<typeof createApiStore>;

export function createApiStore(cloudWatchRoleArn: string | undefined) {
  return {
    restApis: new Map<string, RestApi>(),
    apiKeys: new Map<string, ApiKey>(),
    usagePlans: new Map<string, UsagePlan>(),
    /** By name. */
    domainNames: new Map<string, DomainName>(),
    /** By `{domain name}|{base path}`. */
    basePathMappings: new Map<string, BasePathMapping>(),
    /** Role that API Gateway writes logs with: one for the whole account and Region. */
    cloudWatchRoleArn,
  };
}

const finder =
  <Owner, Item>(itemsOf: (owner: Owner) => ReadonlyMap<string, Item>, what: string) =>
  (owner: Owner, key: string): Item => {
    const item = itemsOf(owner).get(key);
    if (item === undefined) throw notFound(`Invalid ${what} specified`);
    return item;
  };

/** Each finds one item. @throws {AwsError} NotFoundException (404) that says what is wrong */
export const find = {
  restApi(store: ApiStore, apiId: string): RestApi {
    const api = store.restApis.get(apiId);
    if (!api) throw notFound(`Invalid API identifier specified ${apiId}`);
    return api;
  },
  resource: finder((api: RestApi) => api.resources, 'Resource identifier'),
  method: finder((resource: ApiResource) => resource.methods, 'Method identifier'),
  deployment: finder((api: RestApi) => api.deployments, 'Deployment identifier'),
  stage: finder((api: RestApi) => api.stages, 'Stage identifier'),
  authorizer: finder((api: RestApi) => api.authorizers, 'Authorizer identifier'),
  domainName: finder((store: ApiStore) => store.domainNames, 'domain name identifier'),
  /** By `{domain name}|{base path}`. */
  basePathMapping: finder((store: ApiStore) => store.basePathMappings, 'base path mapping identifier'),
  apiKey: finder((store: ApiStore) => store.apiKeys, 'API Key identifier'),
  usagePlan: finder((store: ApiStore) => store.usagePlans, 'Usage Plan ID'),
};

/** The API that a resource belongs to, by its property `RestApiId`. @throws {AwsError} NotFoundException (404) */
export function apiOf(store: ApiStore, { properties }: Pick<ResourceStep, 'properties'>): RestApi {
  return find.restApi(store, read.required(properties, 'RestApiId'));
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

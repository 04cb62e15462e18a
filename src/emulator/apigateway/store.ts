import { read } from '../kernel/properties.ts';
import type { ResourceStep } from '../kernel/resource-provider.ts';
import type { ApiResource, RestApi } from './records/rest-api.ts';
import type { Method } from './records/method.ts';
import { notFound } from './errors.ts';
import type { ApiKey, UsagePlan } from './records/usage-plan.ts';
import type { DomainName } from './records/domain-name.ts';

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

/** @param namesKey whether the error ends with the key */
const finder =
  <Owner, Item>(itemsOf: (owner: Owner) => ReadonlyMap<string, Item>, what: string, namesKey = false) =>
  (owner: Owner, key: string): Item => {
    const item = itemsOf(owner).get(key);
    if (item === undefined) throw notFound(`Invalid ${what} specified${namesKey ? ` ${key}` : ''}`);
    return item;
  };

/** Each finds one item. @throws {AwsError} NotFoundException (404) that says what is wrong */
export const find = {
  restApi: finder((store: ApiStore) => store.restApis, 'API identifier', true),
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

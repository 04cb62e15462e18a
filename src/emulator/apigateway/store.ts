import { AwsError } from '../kernel/aws-error.ts';
import type { Authorizer } from './authorizers/authorizer.ts';
import type { BasePathMapping, DomainName } from './domain-name.ts';
import type { ApiResource, Deployment, Method, RestApi, Stage } from './rest-api.ts';
import type { ApiKey, UsagePlan } from './usage-plan.ts';

/** All that API Gateway holds for one account and Region. */
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

/** @throws {AwsError} NotFoundException (404), as all the readers below do */
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
export function findBasePathMapping(
  store: ApiStore,
  domainName: string,
  basePath: string,
): BasePathMapping {
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

/** Puts the methods of a resource in place of those it had. */
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
  if (value === undefined) throw new AwsError('NotFoundException', 404, message);
  return value;
}

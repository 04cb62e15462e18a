import { controlPlaneRoutes } from './control-plane/control-plane.ts';
import { testInvokeRoute } from './control-plane/test-invoke-method.ts';
import { type ApiStore, createApiStore, NO_BASE_PATH } from './store.ts';
import type { EndpointRequest } from './front-door/exchange.ts';
import { createExecuteApi, type ExecuteApiInput } from './front-door/execute-api.ts';
import { stageArn } from './front-door/route.ts';
import { accountProvider } from './resources/account.ts';
import { apiKeyProvider } from './resources/api-key.ts';
import { authorizerProvider } from './resources/authorizer.ts';
import { basePathMappingProvider } from './resources/base-path-mapping.ts';
import { deploymentProvider } from './resources/deployment.ts';
import { domainNameProvider } from './resources/domain-name.ts';
import { gatewayResponseProvider } from './resources/gateway-response.ts';
import { methodProvider } from './resources/method.ts';
import { resourceProvider } from './resources/resource.ts';
import { restApiProvider } from './resources/rest-api.ts';
import { stageProvider } from './resources/stage.ts';
import { usagePlanKeyProvider, usagePlanProvider } from './resources/usage-plan.ts';
import type { Service } from '../kernel/service.ts';
import { dispatchRest } from '../protocols/rest-json.ts';

/** API Gateway REST APIs of one Region, at first none: the control plane's reads, and the front door of deployed APIs. */
export function createApiGateway(
  input: Omit<ExecuteApiInput, 'store'> & {
    /** Role of the account for logs, when it already has one. */
    readonly cloudWatchRoleArn?: string | undefined;
  },
) {
  const store = createApiStore(input.cloudWatchRoleArn);
  const executeApi = createExecuteApi({ ...input, store });
  const routes = { ...controlPlaneRoutes(store, { ...input, usage: executeApi.usage }), ...testInvokeRoute(store, input) };
  return {
    protocol: 'rest-json',
    // Adding a resource type takes its file in `resources/` and one line here.
    resourceProviders: [
      accountProvider(store),
      apiKeyProvider(store),
      authorizerProvider(store),
      basePathMappingProvider(store),
      deploymentProvider(store),
      domainNameProvider(store),
      gatewayResponseProvider(store),
      methodProvider(store, input.limits),
      resourceProvider(store),
      restApiProvider(store, input.limits),
      stageProvider(store),
      usagePlanKeyProvider(store),
      usagePlanProvider(store),
    ],
    async handle(request, response) {
      // The actions are HTTP methods, the resources are paths (service authorization reference of API Gateway Management).
      const { partition, region } = input.place;
      const resource = `arn:${partition}:apigateway:${region}::${request.path}`;
      input.iam.authorize(request.accessKeyId, `apigateway:${request.method}`, [resource]);
      await dispatchRest(routes, request, response);
    },
    hasApi: (apiId: string) => store.restApis.has(apiId),
    hasDomain: (domainName: string) => store.domainNames.has(domainName),
    /** Whether an ARN is that of a stage. */
    hasStage: (arn: string): boolean =>
      [...store.restApis.values()].some(({ id, stages }) =>
        [...stages.keys()].some((name) => stageArn(input.place, id, name) === arn),
      ),
    /** The API and stage that a path of a custom domain is mapped to; undefined without a mapping. */
    resolveDomain: (domainName: string, path: string) => resolveDomain(store, domainName, path),
    /** Answers a client's request to a deployed API; resolves when the client has its answer or has closed the connection. */
    handleEndpointRequest: executeApi.handle,
    async close() {
      executeApi.close();
    },
  } satisfies Service & Record<string, unknown>;
}

/**
 * Finds the stage that a path of a custom domain is mapped to: by the longest base path, or by the mapping of the root (developer guide,
 * "Use API mappings to connect API stages to a custom domain name for REST APIs").
 * @param path raw, with a leading slash, without the query
 */
function resolveDomain(store: ApiStore, domainName: string, path: string): EndpointRequest | undefined {
  const mappings = [...store.basePathMappings.values()]
    .filter((mapping) => mapping.domainName === domainName)
    .map(({ basePath, apiId, stage }) => ({ basePath: basePath === NO_BASE_PATH ? '' : basePath, apiId, stage: stage ?? '' }))
    .sort((a, b) => b.basePath.length - a.basePath.length);
  const found = mappings.find(({ basePath }) => basePath === '' || path === `/${basePath}` || path.startsWith(`/${basePath}/`));
  if (!found) return undefined;
  const { apiId, stage, basePath } = found;
  const rest = basePath === '' ? path : path.slice(basePath.length + 1);
  return { apiId, stage, path: rest || '/', domain: { name: domainName, basePath } };
}

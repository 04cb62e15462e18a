import type { AwsRequest } from '../../kernel/service.ts';
import { type RestRoutes, sendJson } from '../../protocols/rest-json.ts';
import {
  type ApiStore,
  badRequest,
  findApiKey,
  findAuthorizer,
  findBasePathMapping,
  findDeployment,
  findDomainName,
  findMethod,
  findResource,
  findRestApi,
  findStage,
  findUsagePlan,
  notFound,
} from '../store.ts';
import { type ApiGatewayLimits, PAGE_SIZE } from '../limits.ts';
import type { Place } from '../../kernel/place.ts';
import {
  apiKeyJson,
  authorizerJson,
  basePathMappingJson,
  deploymentJson,
  domainNameJson,
  gatewayResponsesJson,
  integrationJson,
  methodJson,
  resourceJson,
  restApiJson,
  stageJson,
  usagePlanJson,
} from './representation.ts';
import { stageArn, type WebAcls } from '../front-door/web-acls.ts';

type Params = Readonly<Record<string, string>>;

/** The reads of the API Gateway control plane, and UpdateAccount; CloudFormation makes all other changes. */
export function controlPlaneRoutes(
  store: ApiStore,
  {
    limits,
    place,
    waf,
  }: {
    readonly limits: ApiGatewayLimits;
    readonly place: Place;
    readonly waf?: WebAcls;
  },
): RestRoutes {
  const webAclOf = (apiId: string, stage: string) => waf?.webAclOf(stageArn(place, apiId, stage));
  const api = (params: Params) => findRestApi(store, params['api'] ?? '');
  const resource = (params: Params) => findResource(api(params), params['resource'] ?? '');
  const method = (params: Params) => findMethod(resource(params), params['method'] ?? '');
  const account = () => ({
    cloudwatchRoleArn: store.cloudWatchRoleArn,
    throttleSettings: {
      rateLimit: limits.accountRateLimit,
      burstLimit: limits.accountBurstLimit,
    },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  });
  const reads: Readonly<Record<string, (params: Params, request: AwsRequest) => object>> = {
    '/account': () => account(),
    '/restapis': (_, request) => page([...store.restApis.values()].map(restApiJson), request),
    '/restapis/{api}': (params) => restApiJson(api(params)),
    '/restapis/{api}/stages': (params, { query }) => {
      const deploymentId = query.get('deploymentId');
      const stages = [...api(params).stages.values()].filter(
        (stage) => deploymentId === null || stage.deploymentId === deploymentId,
      );
      const { id } = api(params);
      return { item: stages.map((stage) => stageJson(stage, webAclOf(id, stage.name))) };
    },
    '/restapis/{api}/stages/{stage}': (params) => {
      const stage = findStage(api(params), params['stage'] ?? '');
      return stageJson(stage, webAclOf(api(params).id, stage.name));
    },
    '/restapis/{api}/authorizers': (params, request) =>
      page([...api(params).authorizers.values()].map(authorizerJson), request),
    '/restapis/{api}/authorizers/{authorizer}': (params) =>
      authorizerJson(findAuthorizer(api(params), params['authorizer'] ?? '')),
    '/domainnames': (_, request) => page([...store.domainNames.values()].map(domainNameJson), request),
    '/domainnames/{domain}': (params) => domainNameJson(findDomainName(store, params['domain'] ?? '')),
    '/domainnames/{domain}/basepathmappings': (params, request) => {
      const { name } = findDomainName(store, params['domain'] ?? '');
      const mappings = [...store.basePathMappings.values()];
      return page(mappings.filter(({ domainName }) => domainName === name).map(basePathMappingJson), request);
    },
    '/domainnames/{domain}/basepathmappings/{path}': (params) =>
      basePathMappingJson(findBasePathMapping(store, `${params['domain']}|${params['path']}`)),
    '/restapis/{api}/resources': (params, request) => {
      const resources = [...api(params).resources.values()];
      return page(
        resources.map((item) => resourceJson(item, embedsMethods(request))),
        request,
      );
    },
    '/restapis/{api}/resources/{resource}': (params, request) => resourceJson(resource(params), embedsMethods(request)),
    '/restapis/{api}/resources/{resource}/methods/{method}': (params) => methodJson(method(params)),
    '/restapis/{api}/resources/{resource}/methods/{method}/integration': (params) => {
      const { integration } = method(params);
      if (!integration) throw notFound('No integration defined for method');
      return integrationJson(integration);
    },
    '/restapis/{api}/deployments': (params, request) =>
      page([...api(params).deployments.values()].map(deploymentJson), request),
    '/restapis/{api}/deployments/{deployment}': (params) =>
      deploymentJson(findDeployment(api(params), params['deployment'] ?? '')),
    '/restapis/{api}/gatewayresponses': (params, request) => page(gatewayResponsesJson(api(params)), request),
    '/apikeys': (_, request) => {
      const prefix = request.query.get('name') ?? '';
      const keys = [...store.apiKeys.values()].filter((key) => key.name.startsWith(prefix));
      const includeValues = request.query.get('includeValues') === 'true';
      return page(
        keys.map((key) => apiKeyJson(key, includeValues)),
        request,
      );
    },
    '/apikeys/{key}': (params, { query }) =>
      apiKeyJson(findApiKey(store, params['key'] ?? ''), query.get('includeValue') === 'true'),
    '/usageplans': (_, request) => {
      const keyId = request.query.get('keyId');
      const plans = [...store.usagePlans.values()].filter((plan) => keyId === null || plan.keyIds.has(keyId));
      return page(plans.map(usagePlanJson), request);
    },
    '/usageplans/{plan}': (params) => usagePlanJson(findUsagePlan(store, params['plan'] ?? '')),
    '/usageplans/{plan}/keys': (params, request) => {
      const plan = findUsagePlan(store, params['plan'] ?? '');
      const prefix = request.query.get('name') ?? '';
      const keys = [...plan.keyIds]
        .map((keyId) => findApiKey(store, keyId))
        .filter(({ name }) => name.startsWith(prefix));
      return page(
        keys.map(({ id, name, value }) => ({ id, type: 'API_KEY', name, value })),
        request,
      );
    },
  };
  const gets: RestRoutes = Object.fromEntries(
    Object.entries(reads).map(([path, read]) => [
      `GET ${path}`,
      (request, response, params) => sendJson(response, 200, read(params, request)),
    ]),
  );
  return {
    ...gets,
    'PATCH /account': ({ body }, response) => {
      store.cloudWatchRoleArn = patchedRole(body, store.cloudWatchRoleArn);
      sendJson(response, 200, account());
    },
  };
}

/** The role for logs after UpdateAccount, the only setting that it may replace or remove here (API reference, "UpdateAccount"). */
function patchedRole(body: Buffer, before: string | undefined): string | undefined {
  const { patchOperations = [] } = JSON.parse(body.toString('utf8') || '{}') as {
    readonly patchOperations?: readonly { op?: string; path?: string; value?: string }[];
  };
  let role = before;
  for (const { op, path, value } of patchOperations) {
    if (path !== '/cloudwatchRoleArn' || (op !== 'replace' && op !== 'remove'))
      throw badRequest(`Invalid patch path ${path}`);
    role = op === 'replace' && value ? value : undefined;
  }
  return role;
}

function embedsMethods({ query }: AwsRequest): boolean {
  return query.getAll('embed').includes('methods');
}

/** One page of a list: `item` is the member's name on the wire, `position` is where the next page begins. */
function page(items: readonly object[], { query }: AwsRequest): object {
  const limit = Number(query.get('limit') ?? PAGE_SIZE.default);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE.max)
    throw badRequest(`Invalid limit: ${query.get('limit')}`);
  const from = Number(Buffer.from(query.get('position') ?? '', 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw badRequest('Invalid position parameter');
  const to = from + limit;
  const position = to < items.length ? Buffer.from(String(to)).toString('base64url') : undefined;
  return { item: items.slice(from, to), position };
}

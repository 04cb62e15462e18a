import type { ApiGatewayLimits } from '../limits.ts';
import { pathActions, pathArn } from './path-actions.ts';
import { makeApi, readSettings } from '../records/rest-api.ts';
import { type ApiStore, find } from '../store.ts';
import { badRequest } from '../errors.ts';
import { handlerError } from '../../kernel/aws-error.ts';
import { type ResourceProvider } from '../../kernel/resource-provider.ts';

/** AWS::ApiGateway::RestApi, to be filled by Resource and Method resources; OpenAPI bodies are refused. */
export function restApiProvider(store: ApiStore, limits: ApiGatewayLimits): ResourceProvider {
  let deletedAt = Number.NEGATIVE_INFINITY;
  return {
    type: 'AWS::ApiGateway::RestApi',
    mutable: 'Name Description EndpointConfiguration Policy DisableExecuteApiEndpoint Tags',
    actions: pathActions('AWS::ApiGateway::RestApi', '/restapis', '{id}', {
      at: {
        'apigateway:UpdateRestApiPolicy': (step, handler) => [
          pathArn(step, handler === 'create' ? '/restapis' : '/restapis/{id}'),
        ],
      },
      when: { 'apigateway:UpdateRestApiPolicy': 'Policy' },
      // The role of an OpenAPI body in S3.
      unset: 'iam:PassRole',
    }),
    put({ physicalId, properties }) {
      const known = physicalId === undefined ? undefined : find.restApi(store, physicalId);
      const settings = readSettings(properties);
      const api = known ?? makeApi(settings);
      // Developer guide, "Change a public or private API endpoint type": every other change is made in place.
      if (api.settings.endpointType === 'PRIVATE' && settings.endpointType === 'EDGE')
        throw badRequest('You cannot change a private API into an edge-optimized API');
      api.settings = settings;
      store.restApis.set(api.id, api);
      const { id, rootResourceId } = api;
      return { physicalId: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
    },
    delete({ physicalId }) {
      if (!store.restApis.has(physicalId)) return;
      refuseWhileMapped(store, physicalId);
      // How often CloudFormation retries is not documented: here, never.
      if (performance.now() - deletedAt < limits.deleteRestApiIntervalMs)
        throw handlerError('Throttling', 'TooManyRequestsException', 429, 'Too Many Requests', 'ApiGateway');
      deletedAt = performance.now();
      const planned = [...store.usagePlans.values()].map((plan) => ({
        ...plan,
        apiStages: plan.apiStages.filter((stage) => stage.apiId !== physicalId),
      }));
      for (const plan of planned) store.usagePlans.set(plan.id, plan);
      store.restApis.delete(physicalId);
    },
  };
}

/** In the words of reports (glomex/gcdt issue 373). */
function refuseWhileMapped(store: ApiStore, apiId: string): void {
  const mappings = [...store.basePathMappings.values()].filter((each) => each.apiId === apiId);
  if (mappings.length === 0) return;
  const domains = mappings.map(({ domainName }) => domainName).join(', ');
  throw badRequest(
    `Deleting RestApi ${apiId} failed. Please remove all base path mappings related to the RestApi in your domains: ${domains}`,
  );
}

import type { ApiGatewayLimits } from '../limits.ts';
import { pathActions, pathArn } from './path-actions.ts';
import { read } from '../../kernel/properties.ts';
import { type EndpointType, makeApi, type RestApiSettings } from '../rest-api.ts';
import { type ApiStore, badRequest, find } from '../store.ts';
import { type PolicyDocument, readPolicy, type Statement } from '../../iam/policy.ts';
import { AwsError, handlerError } from '../../kernel/aws-error.ts';
import { type Properties, type ResourceProvider } from '../../kernel/resource-provider.ts';

const ENDPOINT_TYPES: readonly EndpointType[] = ['EDGE', 'REGIONAL', 'PRIVATE'];

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

function readSettings(properties: Properties): RestApiSettings {
  const name = read.string(properties, 'Name');
  // CloudFormation takes the name from the OpenAPI document when there is one.
  if (!name) throw badRequest('API name must be specified');
  const endpoint = read.object(properties, 'EndpointConfiguration', 'Types VpcEndpointIds IpAddressType') ?? {};
  // RestApi without EndpointConfiguration: "the default endpoint type is edge-optimized" (api-gateway-api-endpoint-types).
  const [endpointType = 'EDGE', ...more] = read.list(endpoint, 'Types') ?? [];
  const known = ENDPOINT_TYPES.find((type) => type === endpointType);
  if (more.length > 0 || !known) throw badRequest('Invalid EndpointTypes specified');
  const vpcEndpointIds = read.strings(endpoint, 'VpcEndpointIds');
  if (vpcEndpointIds.length > 0 && known !== 'PRIVATE') throw badRequest('VPCEndpoints can only be specified with PRIVATE apis.');
  return {
    name,
    description: read.string(properties, 'Description'),
    endpointType: known,
    vpcEndpointIds,
    policy: readResourcePolicy(properties),
    disableExecuteApiEndpoint: read.boolean(properties, 'DisableExecuteApiEndpoint') ?? false,
    tags: read.tags(properties),
  };
}

/** The `Policy`, an object or its JSON text; each statement names principals. @throws {AwsError} BadRequestException (400) */
function readResourcePolicy(properties: Properties): PolicyDocument | undefined {
  const given = properties['Policy'];
  if (given === undefined) return undefined;
  let document: PolicyDocument;
  try {
    document = readPolicy(given);
  } catch (error) {
    throw error instanceof AwsError ? badRequest(error.message) : error;
  }
  const statements = [document.Statement].flat() as readonly Statement[];
  const wrong = statements.length === 0 || statements.some(({ Principal }) => !Principal);
  if (wrong) throw badRequest('Invalid policy document. Please check the policy syntax and ensure that Principals are valid.');
  return document;
}

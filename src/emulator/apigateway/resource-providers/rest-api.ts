import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import { generateShortId } from '../../physical-name.ts';
import { readList, readObject, readString, refuseUnknown } from '../../properties.ts';
import type { Properties, ResourceProvider } from '../../resource-provider.ts';
import { type ApiStore, findRestApi } from '../api-store.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import type { EndpointType, RestApi, RestApiSettings } from '../rest-api.ts';
import { readTags } from './tags.ts';

const ENDPOINT_TYPES: readonly EndpointType[] = ['EDGE', 'REGIONAL', 'PRIVATE'];

/** AWS::ApiGateway::RestApi, made of Resource and Method resources; OpenAPI bodies are refused. */
export function restApiProvider(store: ApiStore, limits: ApiGatewayLimits): ResourceProvider {
  let deletedAt = Number.NEGATIVE_INFINITY;
  const provisioned = (api: RestApi) => ({
    physicalId: api.id,
    attributes: { RestApiId: api.id, RootResourceId: api.rootResourceId },
  });

  return {
    type: 'AWS::ApiGateway::RestApi',
    properties: {
      Name: 'mutable',
      Description: 'mutable',
      EndpointConfiguration: 'mutable',
      Tags: 'mutable',
    },
    required: [],
    async create(properties) {
      const rootResourceId = generateShortId();
      const api: RestApi = {
        id: generateShortId(),
        rootResourceId,
        createdAt: new Date(),
        settings: readSettings(properties),
        resources: new Map(),
        gatewayResponses: new Map(),
        deployments: new Map(),
        stages: new Map(),
      };
      api.resources.set(rootResourceId, {
        id: rootResourceId,
        parentId: undefined,
        pathPart: undefined,
        path: '/',
        methods: new Map(),
      });
      store.restApis.set(api.id, api);
      return provisioned(api);
    },
    async update(physicalId, properties) {
      const api = findRestApi(store, physicalId);
      api.settings = readSettings(properties);
      return provisioned(api);
    },
    async delete(physicalId) {
      if (!store.restApis.has(physicalId)) return;
      if (performance.now() - deletedAt < limits.deleteRestApiIntervalMs) throw tooManyRequests();
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

/** As it stands in the status of a resource. How often CloudFormation tries again by itself is not documented: here, never. */
function tooManyRequests(): AwsError {
  const cause = `Too Many Requests (Service: ApiGateway, Status Code: 429, Request ID: ${randomUUID()})`;
  return new AwsError(
    'TooManyRequestsException',
    429,
    `Resource handler returned message: "${cause}" (RequestToken: ${randomUUID()}, HandlerErrorCode: Throttling)`,
  );
}

function readSettings(properties: Properties): RestApiSettings {
  const name = readString(properties, 'Name');
  // CloudFormation takes the name from the OpenAPI document when there is one.
  if (!name) throw new AwsError('BadRequestException', 400, 'API name must be specified');
  const endpoint = readObject(properties, 'EndpointConfiguration') ?? {};
  refuseUnknown(endpoint, 'EndpointConfiguration', ['Types']);
  // RestApi without EndpointConfiguration: "the default endpoint type is edge-optimized" (api-gateway-api-endpoint-types).
  const [endpointType = 'EDGE', ...more] = readList(endpoint, 'Types') ?? [];
  const known = ENDPOINT_TYPES.find((type) => type === endpointType);
  if (more.length > 0 || !known) {
    throw new AwsError('BadRequestException', 400, 'Invalid EndpointTypes specified');
  }
  return {
    name,
    description: readString(properties, 'Description'),
    endpointType: known,
    tags: readTags(properties),
  };
}

import { type PolicyDocument, readPolicy, type Statement } from '../../iam/policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { generateShortId, read } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';
import { ENDPOINT_TYPES } from '../limits.ts';
import type { Authorizer } from './authorizer.ts';
import type { Method } from './method.ts';
import type { Stage } from './stage.ts';

/** A REST API as it is edited. Clients reach only its deployments. */
export type RestApi = ReturnType<typeof makeApi>;

/** A new API with its root. */
export function makeApi(settings: ReturnType<typeof readSettings>) {
  const root: ApiResource = { id: generateShortId(), parentId: undefined, pathPart: undefined, path: '/', methods: new Map() };
  return {
    id: generateShortId(),
    rootResourceId: root.id,
    createdDate: new Date(),
    settings,
    resources: new Map([[root.id, root]]),
    gatewayResponses: new Map<string, GatewayResponse>(),
    authorizers: new Map<string, Authorizer>(),
    deployments: new Map<string, Deployment>(),
    stages: new Map<string, Stage>(),
  };
}

/** One path of an API; the root has no parent and no path part. */
export interface ApiResource {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly pathPart: string | undefined;
  /** Full path, `/` for the root. */
  readonly path: string;
  /** By HTTP method, `ANY` among them. A method is replaced, never changed, so that deployments keep theirs. */
  readonly methods: ReadonlyMap<string, Method>;
}

export interface GatewayResponse {
  readonly statusCode: number | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
}

/** A copy of an API at the time of its deployment, which is not changed any more. */
export interface Deployment extends Readonly<ReturnType<typeof makeDeployment>> {}

/** A copy of the API as it is now, with a new id. */
export function makeDeployment(api: RestApi, description: string | undefined) {
  return {
    id: generateShortId(6),
    description,
    createdDate: new Date(),
    resources: [...api.resources.values()],
    gatewayResponses: new Map(api.gatewayResponses),
    authorizers: new Map(api.authorizers),
    policy: api.settings.policy,
  };
}

/** @throws {AwsError} BadRequestException */
export function readSettings(properties: Properties) {
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
    /** Interface endpoints that a private API has DNS names for. */
    vpcEndpointIds,
    /** The resource policy; takes effect with the next Deployment. */
    policy: readResourcePolicy(properties),
    /** Whether only custom domains lead to the API. */
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

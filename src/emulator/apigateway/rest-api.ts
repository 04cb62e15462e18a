import { generateShortId } from '../kernel/properties.ts';
import type { PolicyDocument } from '../iam/policy.ts';

export type EndpointType = 'EDGE' | 'REGIONAL' | 'PRIVATE';

/** A REST API as it is edited. Clients reach only its deployments. */
export type RestApi = ReturnType<typeof makeApi>;

/** A new API with its root. */
export function makeApi(settings: RestApiSettings) {
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

export interface RestApiSettings {
  readonly name: string;
  readonly description: string | undefined;
  readonly endpointType: EndpointType;
  /** Interface endpoints that a private API has DNS names for. */
  readonly vpcEndpointIds: readonly string[];
  /** The resource policy; takes effect with the next Deployment. */
  readonly policy: PolicyDocument | undefined;
  /** Whether only custom domains lead to the API. */
  readonly disableExecuteApiEndpoint: boolean;
  readonly tags: Readonly<Record<string, string>>;
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

export interface Method {
  readonly httpMethod: string;
  readonly authorizationType: 'NONE' | 'AWS_IAM' | 'COGNITO_USER_POOLS' | 'CUSTOM';
  /** One of the API's authorizers, for COGNITO_USER_POOLS and CUSTOM. */
  readonly authorizerId: string | undefined;
  /** COGNITO_USER_POOLS: scopes, one of which an access token needs. Without scopes the method needs an identity token. */
  readonly authorizationScopes: readonly string[];
  readonly apiKeyRequired: boolean;
  readonly operationName: string | undefined;
  readonly responses: ReadonlyMap<string, MethodResponse>;
  readonly integration: Integration | undefined;
}

export interface MethodResponse {
  readonly statusCode: string;
  readonly responseParameters: Readonly<Record<string, boolean>>;
  readonly responseModels: Readonly<Record<string, string>>;
}

export interface Integration {
  readonly type: 'AWS_PROXY' | 'MOCK';
  readonly httpMethod: string | undefined;
  readonly uri: string | undefined;
  readonly timeoutInMillis: number;
  readonly responseTransferMode: 'BUFFERED' | 'STREAM';
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  readonly statusCode: string;
  /** A regular expression for the status of the integration; the default response has none. */
  readonly selectionPattern: string | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  readonly statusCode: number | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
}

/** An immutable copy of an API at the time of its deployment. */
export interface Deployment {
  readonly id: string;
  readonly description: string | undefined;
  readonly createdDate: Date;
  readonly resources: readonly ApiResource[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  readonly policy: PolicyDocument | undefined;
}

export interface Stage {
  readonly stageName: string;
  readonly deploymentId: string;
  readonly description: string | undefined;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly tracingEnabled: boolean;
  readonly accessLogSettings: { readonly destinationArn: string; readonly format: string } | undefined;
  /** By `{resource path without leading slash}/{METHOD}`, or `*` for either. */
  readonly methodSettings: ReadonlyMap<string, MethodSetting>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdDate: Date;
  readonly lastUpdatedDate: Date;
}

export interface MethodSetting {
  readonly metricsEnabled: boolean;
  readonly loggingLevel: 'OFF' | 'ERROR' | 'INFO';
  readonly dataTraceEnabled: boolean;
  readonly throttlingBurstLimit: number | undefined;
  readonly throttlingRateLimit: number | undefined;
}

/** The authorizer of methods of the type CUSTOM (TOKEN, REQUEST) or COGNITO_USER_POOLS. */
export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS';
  readonly authType: string | undefined;
  /** Invocation URI of the function of a TOKEN or REQUEST authorizer. */
  readonly authorizerUri: string | undefined;
  /** Role that the function is called with; without one, the function's resource policy has to allow API Gateway. */
  readonly authorizerCredentials: string | undefined;
  /** Mapping expressions such as `method.request.header.Authorization`, separated by commas. */
  readonly identitySource: string | undefined;
  /** A regular expression that the token (TOKEN) or its `aud` (COGNITO_USER_POOLS) has to match. */
  readonly identityValidationExpression: string | undefined;
  /** How long an output of the function is cached for the same identity, s; 0 turns the cache off. */
  readonly authorizerResultTtlInSeconds: number;
  /** User pools of COGNITO_USER_POOLS. */
  readonly providerARNs: readonly string[];
}

import type { PolicyDocument } from '../iam/policy.ts';
import type { Authorizer } from './authorizers/authorizer.ts';

export type EndpointType = 'EDGE' | 'REGIONAL' | 'PRIVATE';

/** A REST API being edited. What clients reach are its deployments. */
export interface RestApi {
  readonly id: string;
  readonly rootResourceId: string;
  readonly createdAt: Date;
  settings: RestApiSettings;
  readonly resources: Map<string, ApiResource>;
  readonly gatewayResponses: Map<string, GatewayResponse>;
  readonly authorizers: Map<string, Authorizer>;
  readonly deployments: Map<string, Deployment>;
  readonly stages: Map<string, Stage>;
}

export interface RestApiSettings {
  readonly name: string;
  readonly description: string | undefined;
  readonly endpointType: EndpointType;
  /** Interface endpoints that a private API has a DNS name with. */
  readonly vpcEndpointIds: readonly string[];
  /** Who may call at all; reaches clients with the next Deployment. */
  readonly policy: PolicyDocument | undefined;
  /** Custom domains only. */
  readonly disableExecuteApiEndpoint: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** One path of an API; the root has no parent and no part. */
export interface ApiResource {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly pathPart: string | undefined;
  /** Full path, `/` for the root. */
  readonly path: string;
  /** By HTTP method, `ANY` among them. A method is replaced, never changed, so that snapshots keep theirs. */
  readonly methods: ReadonlyMap<string, Method>;
}

export interface Method {
  readonly httpMethod: string;
  readonly authorizationType: 'NONE' | 'AWS_IAM' | 'COGNITO_USER_POOLS' | 'CUSTOM';
  /** Of the API's own, for COGNITO_USER_POOLS and CUSTOM. */
  readonly authorizerId: string | undefined;
  /** COGNITO_USER_POOLS: an access token needs one of them; without any, an identity token is wanted. */
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
  readonly timeoutMs: number;
  readonly responseTransferMode: 'BUFFERED' | 'STREAM';
  readonly passthroughBehavior: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  readonly statusCode: string;
  /** A regular expression over the status of the back end; the default response has none. */
  readonly selectionPattern: string | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface GatewayResponse {
  readonly id: string;
  readonly responseType: string;
  readonly statusCode: number | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
}

/** An immutable copy of what an API was when it was deployed. */
export interface Deployment {
  readonly id: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  readonly resources: readonly ApiResource[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  readonly policy: PolicyDocument | undefined;
}

export interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly description: string | undefined;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly tracingEnabled: boolean;
  readonly accessLog: { readonly destinationArn: string; readonly format: string } | undefined;
  /** By `{resource path without leading slash}/{METHOD}`, or `*` for either. */
  readonly methodSettings: ReadonlyMap<string, MethodSetting>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MethodSetting {
  readonly metricsEnabled: boolean;
  readonly loggingLevel: 'OFF' | 'ERROR' | 'INFO';
  readonly dataTraceEnabled: boolean;
  readonly throttlingBurstLimit: number | undefined;
  readonly throttlingRateLimit: number | undefined;
}

import { GATEWAY_RESPONSE_STATUS } from '../front-door/gateway-error.ts';
import type { ApiResource, Authorizer, Deployment, Integration, Method, RestApi, Stage } from '../rest-api.ts';
import type { ApiKey, BasePathMapping, DomainName, UsagePlan } from '../store.ts';

/** A REST API as the control plane returns it: lowerCamelCase members, times in epoch seconds (API reference), as all below. */
export function restApiJson(api: RestApi): object {
  const { settings } = api;
  return {
    id: api.id,
    name: settings.name,
    description: settings.description,
    createdDate: seconds(api.createdAt),
    apiKeySource: 'HEADER',
    endpointConfiguration: {
      types: [settings.endpointType],
      // Developer guide, "IP address types for REST APIs": a private API is dual-stack.
      ipAddressType: settings.endpointType === 'PRIVATE' ? 'dualstack' : 'ipv4',
      vpcEndpointIds: settings.vpcEndpointIds.length > 0 ? settings.vpcEndpointIds : undefined,
    },
    // The control plane escapes the quotes of the policy's text (AWS CLI reference, get-rest-api).
    policy: settings.policy && JSON.stringify(JSON.stringify(settings.policy)).slice(1, -1),
    tags: settings.tags,
    disableExecuteApiEndpoint: settings.disableExecuteApiEndpoint,
    rootResourceId: api.rootResourceId,
    apiStatus: 'AVAILABLE',
  };
}

/** @param embedMethods whether the query has `embed=methods`; otherwise the methods are only named */
export function resourceJson(resource: ApiResource, embedMethods: boolean): object {
  const methods = [...resource.methods.entries()];
  return {
    id: resource.id,
    parentId: resource.parentId,
    pathPart: resource.pathPart,
    path: resource.path,
    resourceMethods:
      methods.length === 0
        ? undefined
        : Object.fromEntries(methods.map(([name, method]) => [name, embedMethods ? methodJson(method) : {}])),
  };
}

export function methodJson(method: Method): object {
  const responses = [...method.responses.values()];
  return {
    httpMethod: method.httpMethod,
    authorizationType: method.authorizationType,
    authorizerId: method.authorizerId,
    authorizationScopes: method.authorizationScopes.length > 0 ? method.authorizationScopes : undefined,
    apiKeyRequired: method.apiKeyRequired,
    operationName: method.operationName,
    methodResponses: Object.fromEntries(responses.map((response) => [response.statusCode, { ...response }])),
    methodIntegration: method.integration && integrationJson(method.integration),
  };
}

export function integrationJson(integration: Integration): object {
  const { timeoutMs, responses, ...rest } = integration;
  return {
    ...rest,
    timeoutInMillis: timeoutMs,
    integrationResponses: Object.fromEntries(responses.map((response) => [response.statusCode, response])),
  };
}

export function deploymentJson(deployment: Deployment): object {
  const { id, description, createdAt } = deployment;
  return { id, description, createdDate: seconds(createdAt) };
}

/** @param webAclArn ARN of the web ACL that protects the stage */
export function stageJson(stage: Stage, webAclArn: string | undefined): object {
  return {
    deploymentId: stage.deploymentId,
    stageName: stage.name,
    description: stage.description,
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    methodSettings: Object.fromEntries(stage.methodSettings),
    variables: stage.variables,
    accessLogSettings: stage.accessLog,
    tracingEnabled: stage.tracingEnabled,
    webAclArn,
    tags: stage.tags,
    createdDate: seconds(stage.createdAt),
    lastUpdatedDate: seconds(stage.updatedAt),
  };
}

/** All types; those that the API does not customise are the defaults. */
export function gatewayResponsesJson(api: RestApi): readonly object[] {
  return Object.entries(GATEWAY_RESPONSE_STATUS).map(([responseType, defaultStatus]) => {
    const custom = api.gatewayResponses.get(responseType);
    const status = custom?.statusCode ?? defaultStatus;
    return {
      responseType,
      statusCode: status === undefined ? undefined : String(status),
      responseParameters: custom?.responseParameters ?? {},
      responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
      defaultResponse: !custom,
    };
  });
}

/** @param includeValue whether the answer includes the secret */
export function apiKeyJson(key: ApiKey, includeValue: boolean): object {
  const { value, createdAt, updatedAt, ...rest } = key;
  return {
    ...rest,
    value: includeValue ? value : undefined,
    createdDate: seconds(createdAt),
    lastUpdatedDate: seconds(updatedAt),
    stageKeys: [],
  };
}

export function usagePlanJson(plan: UsagePlan): object {
  const { keyIds: _keyIds, ...rest } = plan;
  return rest;
}

export function authorizerJson(authorizer: Authorizer): object {
  const { uri, credentials, resultTtlSeconds, providerArns, ...rest } = authorizer;
  return {
    ...rest,
    authType: rest.authType ?? (rest.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
    authorizerUri: uri,
    authorizerCredentials: credentials,
    authorizerResultTtlInSeconds: resultTtlSeconds,
    providerARNs: providerArns.length > 0 ? providerArns : undefined,
  };
}

export function domainNameJson(domain: DomainName): object {
  const { target, targetHostedZoneId, certificateArn } = domain;
  return {
    domainName: domain.name,
    domainNameArn: domain.arn,
    domainNameStatus: 'AVAILABLE',
    endpointConfiguration: { types: [domain.endpointType], ipAddressType: 'ipv4' },
    securityPolicy: domain.securityPolicy,
    endpointAccessMode: domain.endpointAccessMode,
    tags: domain.tags,
    ...(domain.endpointType === 'EDGE'
      ? {
          certificateArn,
          distributionDomainName: target,
          distributionHostedZoneId: targetHostedZoneId,
        }
      : {
          regionalCertificateArn: certificateArn,
          regionalDomainName: target,
          regionalHostedZoneId: targetHostedZoneId,
        }),
  };
}

export function basePathMappingJson({ basePath, apiId, stage }: BasePathMapping): object {
  return { basePath, restApiId: apiId, stage };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

import { GATEWAY_RESPONSE_STATUS } from '../front-door/gateway-error.ts';
import type { ApiResource, Deployment, RestApi } from '../records/rest-api.ts';
import type { Authorizer } from '../records/authorizer.ts';
import type { Integration, Method } from '../records/method.ts';
import type { Stage } from '../records/stage.ts';
import type { ApiKey, UsagePlan } from '../records/usage-plan.ts';
import type { BasePathMapping } from '../store.ts';
import type { DomainName } from '../records/domain-name.ts';

/** A REST API as the control plane returns it: lowerCamelCase members, times in epoch seconds (API reference), as all below. */
export function restApi(api: RestApi): object {
  const { settings } = api;
  return {
    id: api.id,
    name: settings.name,
    description: settings.description,
    createdDate: api.createdDate,
    apiKeySource: 'HEADER',
    endpointConfiguration: {
      types: [settings.endpointType],
      // Developer guide, "IP address types for REST APIs": a private API is dual-stack.
      ipAddressType: settings.endpointType === 'PRIVATE' ? 'dualstack' : 'ipv4',
      vpcEndpointIds: orAbsent(settings.vpcEndpointIds),
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
export function resource({ methods, ...rest }: ApiResource, embedMethods: boolean): object {
  const named = [...methods].map(([name, each]) => [name, embedMethods ? method(each) : {}]);
  return { ...rest, resourceMethods: named.length > 0 ? Object.fromEntries(named) : undefined };
}

export function method({ responses, integration: own, authorizationScopes, ...rest }: Method): object {
  return {
    ...rest,
    authorizationScopes: orAbsent(authorizationScopes),
    methodResponses: responses,
    methodIntegration: own && integration(own),
  };
}

export function integration({ responses, ...rest }: Integration): object {
  return { ...rest, integrationResponses: new Map(responses.map((each) => [each.statusCode, each])) };
}

export function deployment({ id, description, createdDate }: Deployment): object {
  return { id, description, createdDate };
}

/** @param webAclArn ARN of the web ACL that protects the stage */
export function stage(stage: Stage, webAclArn: string | undefined): object {
  return { ...stage, webAclArn, cacheClusterEnabled: false, cacheClusterStatus: 'NOT_AVAILABLE' };
}

/** All types; those that the API does not customise are the defaults. */
export function gatewayResponses(api: RestApi): readonly object[] {
  return Object.entries(GATEWAY_RESPONSE_STATUS).map(([responseType, defaultStatus]) => {
    const custom = api.gatewayResponses.get(responseType);
    return {
      responseType,
      statusCode: (custom?.statusCode ?? defaultStatus)?.toString(),
      responseParameters: custom?.responseParameters ?? {},
      responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
      defaultResponse: !custom,
    };
  });
}

/** @param includeValue whether the answer includes the secret */
export function apiKey({ value, ...rest }: ApiKey, includeValue: boolean): object {
  return { ...rest, value: includeValue ? value : undefined, stageKeys: [] };
}

export function usagePlan(plan: UsagePlan): object {
  return { ...plan, keyIds: undefined };
}

export function authorizer(authorizer: Authorizer): object {
  const { authType = authorizer.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom' } = authorizer;
  return { ...authorizer, authType, providerARNs: orAbsent(authorizer.providerARNs) };
}

export function domainName(domain: DomainName): object {
  const { target, targetHostedZoneId, certificateArn, endpointType } = domain;
  const ofTarget =
    endpointType === 'EDGE'
      ? { certificateArn, distributionDomainName: target, distributionHostedZoneId: targetHostedZoneId }
      : { regionalCertificateArn: certificateArn, regionalDomainName: target, regionalHostedZoneId: targetHostedZoneId };
  return {
    domainName: domain.name,
    domainNameArn: domain.arn,
    domainNameStatus: 'AVAILABLE',
    endpointConfiguration: { types: [endpointType], ipAddressType: 'ipv4' },
    securityPolicy: domain.securityPolicy,
    endpointAccessMode: domain.endpointAccessMode,
    tags: domain.tags,
    ...ofTarget,
  };
}

export function basePathMapping({ basePath, apiId, stage }: BasePathMapping): object {
  return { basePath, restApiId: apiId, stage };
}

/** Lists without items are absent on the wire. */
function orAbsent(items: readonly string[]): readonly string[] | undefined {
  return items.length > 0 ? items : undefined;
}

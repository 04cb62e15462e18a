import type { Authorizer } from '../authorizers/authorizer.ts';
import type { BasePathMapping, DomainName } from '../domain-name.ts';

/** The JSON that the control plane returns of what stands before the methods (API reference). */
export function authorizerJson(authorizer: Authorizer): object {
  const { uri, credentials, resultTtlSeconds, providerArns, ...rest } = authorizer;
  return {
    ...rest,
    authType:
      rest.authType ?? (rest.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
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

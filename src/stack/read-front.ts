import {
  type APIGatewayClient,
  GetAuthorizersCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
} from '@aws-sdk/client-api-gateway';
import type { AuthorizerSettings, DomainSettings } from './live-settings.ts';

/** The authorizer of the API; undefined when it has none. The template makes one at most. */
export async function readAuthorizer(
  client: APIGatewayClient,
  restApiId: string,
): Promise<AuthorizerSettings | undefined> {
  const { items: [found] = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  if (!found) return undefined;
  const functionArn = /functions\/(.+)\/invocations$/.exec(found.authorizerUri ?? '')?.[1];
  return {
    type: found.type ?? '',
    arns: functionArn === undefined ? (found.providerARNs ?? []) : [functionArn],
    ttlSeconds: found.authorizerResultTtlInSeconds,
  };
}

/** A custom domain, with the paths below it that lead to the API: empty for all of it. */
export async function readDomain(
  client: APIGatewayClient,
  domainName: string,
  apiId: string,
): Promise<DomainSettings> {
  const [domain, { items = [] }] = await Promise.all([
    client.send(new GetDomainNameCommand({ domainName })),
    client.send(new GetBasePathMappingsCommand({ domainName })),
  ]);
  return {
    securityPolicy: domain.securityPolicy ?? '',
    status: domain.domainNameStatus ?? 'AVAILABLE',
    target: domain.regionalDomainName ?? domain.distributionDomainName ?? '',
    paths: items
      .filter(({ restApiId }) => restApiId === apiId)
      .map(({ basePath = '' }) => (basePath === '(none)' ? '' : basePath)),
  };
}

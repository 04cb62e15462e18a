import type { ResourceProvider } from '../resource-provider.ts';
import type { ApiStore } from './api-store.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { accountProvider } from './resource-providers/account.ts';
import { apiKeyProvider } from './resource-providers/api-key.ts';
import { authorizerProvider } from './resource-providers/authorizer.ts';
import { basePathMappingProvider } from './resource-providers/base-path-mapping.ts';
import { deploymentProvider } from './resource-providers/deployment.ts';
import { domainNameProvider } from './resource-providers/domain-name.ts';
import { gatewayResponseProvider } from './resource-providers/gateway-response.ts';
import { methodProvider } from './resource-providers/method.ts';
import { resourceProvider } from './resource-providers/resource.ts';
import { restApiProvider } from './resource-providers/rest-api.ts';
import { stageProvider } from './resource-providers/stage.ts';
import { usagePlanKeyProvider } from './resource-providers/usage-plan-key.ts';
import { usagePlanProvider } from './resource-providers/usage-plan.ts';

/** The AWS::ApiGateway resource types, all over one store. */
export function apiGatewayProviders(
  store: ApiStore,
  limits: ApiGatewayLimits,
): readonly ResourceProvider[] {
  return [
    accountProvider(store),
    apiKeyProvider(store),
    authorizerProvider(store),
    basePathMappingProvider(store),
    deploymentProvider(store),
    domainNameProvider(store),
    gatewayResponseProvider(store),
    methodProvider(store, limits),
    resourceProvider(store),
    restApiProvider(store, limits),
    stageProvider(store),
    usagePlanKeyProvider(store),
    usagePlanProvider(store),
  ];
}

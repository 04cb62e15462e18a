import type { ResourceProvider } from '../kernel/resource-provider.ts';
import type { ApiStore } from './store.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { accountProvider } from './resources/account.ts';
import { apiKeyProvider } from './resources/api-key.ts';
import { authorizerProvider } from './resources/authorizer.ts';
import { basePathMappingProvider } from './resources/base-path-mapping.ts';
import { deploymentProvider } from './resources/deployment.ts';
import { domainNameProvider } from './resources/domain-name.ts';
import { gatewayResponseProvider } from './resources/gateway-response.ts';
import { methodProvider } from './resources/method.ts';
import { resourceProvider } from './resources/resource.ts';
import { restApiProvider } from './resources/rest-api.ts';
import { stageProvider } from './resources/stage.ts';
import { usagePlanKeyProvider } from './resources/usage-plan-key.ts';
import { usagePlanProvider } from './resources/usage-plan.ts';

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

import { authorizerError } from '../front-door/gateway-error.ts';
import type { Caller } from '../front-door/exchange.ts';
import type { RoutedRequest, RouteInput } from '../front-door/route.ts';
import { authorizeByToken } from './cognito-authorizer.ts';
import { authorizeSigner } from './iam-authorization.ts';
import { authorizeByFunction } from './lambda-authorizer.ts';
import { requireResourceAllow } from './resource-policy.ts';

/** "How API Gateway resource policies affect authorization workflow" (developer guide). @throws {GatewayError} 401, 403 or 500 */
export async function authorizeCaller(request: RoutedRequest, input: RouteInput): Promise<Caller> {
  const { method, deployment } = request;
  const authorizer = deployment.authorizers.get(method.authorizerId ?? '');
  switch (method.authorizationType) {
    case 'NONE':
      // "Evaluation of the policy involves seeking an explicit allow."
      requireResourceAllow(request);
      return {};
    case 'AWS_IAM':
      return authorizeSigner(request, input);
    case 'COGNITO_USER_POOLS':
      if (!authorizer) break;
      return authorizeByToken(request, authorizer, input);
    case 'CUSTOM':
      if (!authorizer) break;
      return authorizeByFunction(request, authorizer, input);
  }
  throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', 'the method has no authorizer');
}

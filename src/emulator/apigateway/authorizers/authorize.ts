import type { EmitEvent } from '../../kernel/emulator-event.ts';
import type { Iam } from '../../iam/service.ts';
import type { Place } from '../../kernel/place.ts';
import { authorizeByLambda } from './authorize-by-lambda.ts';
import { authorizeByToken } from './authorize-by-token.ts';
import { type Authenticate, authorizeSigner } from './authorize-signer.ts';
import type { AuthorizerCache } from './authorizer-cache.ts';
import type { Caller } from '../caller.ts';
import type { FunctionInvoker } from '../front-door/function-invoker.ts';
import { authorizerError } from '../front-door/gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { deniedBy, resourceDecision } from './resource-policy.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/** What callers are checked with. */
export interface AuthorizationInput {
  readonly place: Place;
  readonly iam: Iam;
  readonly lambda: FunctionInvoker;
  readonly limits: ApiGatewayLimits;
  readonly cache: AuthorizerCache;
  readonly emit: EmitEvent;
  readonly authenticate?: Authenticate;
  readonly verifyToken?: TokenVerifier;
}

/**
 * Lets the caller of a method in, by the method's authorization type and the API's resource policy together (developer guide, "How
 * API Gateway resource policies affect authorization workflow").
 * @throws {GatewayError} 401, 403 or 500
 */
export async function authorize(
  request: UnauthorizedRequest,
  input: AuthorizationInput,
): Promise<Caller> {
  const { method, deployment, target } = request;
  const authorizer = deployment.authorizers.get(method.authorizerId ?? '');
  switch (method.authorizationType) {
    case 'NONE': {
      // "Evaluation of the policy involves seeking an explicit allow."
      const decision = target.policy ? resourceDecision(target) : 'allow';
      if (decision !== 'allow') throw deniedBy(decision, target);
      return {};
    }
    case 'AWS_IAM':
      return authorizeSigner(request, input);
    case 'COGNITO_USER_POOLS':
      if (!authorizer) break;
      return authorizeByToken(request, authorizer, input);
    case 'CUSTOM':
      if (!authorizer) break;
      return authorizeByLambda(request, authorizer, input);
  }
  throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', 'the method has no authorizer');
}

import { buffer } from 'node:stream/consumers';
import { decide } from '../../iam/policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import { scaleWait } from '../../kernel/clock.ts';
import type { Caller } from '../front-door/exchange.ts';
import { parseFunctionUri } from '../records/method.ts';
import { accessDenied, authorizerError, unauthorized } from '../front-door/gateway-error.ts';
import { toProxyEvent } from '../front-door/proxy-event.ts';
import { originConditions } from '../front-door/request-context.ts';
import type { RouteInput, RoutedRequest } from '../front-door/route.ts';
import type { Authorizer } from '../records/authorizer.ts';
import { readAuthorizerOutput } from './authorizer-output.ts';
import { readIdentity } from './identity-source.ts';
import { deniedBy, EXECUTE_API_INVOKE, policyOutcome, resourceDecision } from './resource-policy.ts';
import type { FunctionResponse } from '../../lambda/invoke-function.ts';

/**
 * AuthorizationType CUSTOM (developer guide, "Use API Gateway Lambda authorizers"): without the identity that the authorizer needs,
 * 401 and no call. Otherwise the policy that the function returns decides; it is cached for callers with the same identity. An
 * explicit Deny of the resource policy comes before the call, the rest of that policy is evaluated together with the function's ("How
 * API Gateway resource policies affect authorization workflow", table A).
 * @throws {GatewayError} 401, 403, or 500 for an authorizer that does not work
 */
export async function authorizeByFunction(request: RoutedRequest, authorizer: Authorizer, input: RouteInput): Promise<Caller> {
  const { exchange, apiId, stage } = request;
  const resource = resourceDecision(request);
  if (resource === 'explicit-deny') throw deniedBy(resource, request);
  const identity = readIdentity(authorizer.identitySource ?? '', request);
  if (!identity || !matchesExpression(authorizer, identity)) throw unauthorized();

  const key = JSON.stringify([apiId, stage.stageName, authorizer.id, ...identity]);
  const cached = input.cache.get(key);
  const startedAt = performance.now();
  const output = cached ?? (await invokeAuthorizer(request, authorizer, identity, input));
  const ttlMs = scaleWait(authorizer.authorizerResultTtlInSeconds * 1_000, input.limits.timeScale);
  if (!cached) input.cache.put(key, output, ttlMs);

  const own = decide([output.policy], {
    action: EXECUTE_API_INVOKE,
    resource: request.methodArn,
    context: originConditions(exchange.incoming),
  });
  const decision = policyOutcome(own, resource, true);
  // In the words of re:Post, "How do I troubleshoot HTTP 403 Forbidden errors when using a Lambda authorizer".
  const words = 'User is not authorized to access this resource';
  if (decision === 'explicit-deny') throw accessDenied(`${words} with an explicit deny`);
  if (decision !== 'allow') throw accessDenied(words);
  const integrationLatency = Math.round(performance.now() - startedAt);
  const { principalId, context } = output;
  return { authorizer: { ...context, principalId, integrationLatency } };
}

/** TOKEN authorizers only: a token that does not match the expression is refused without a call. */
function matchesExpression({ type, identityValidationExpression }: Authorizer, [token = '']: readonly string[]): boolean {
  if (type !== 'TOKEN' || !identityValidationExpression) return true;
  return new RegExp(`^(?:${identityValidationExpression})$`).test(token);
}

/** Calls the function and reads its output. @throws {GatewayError} 401 when it fails with `Unauthorized`, otherwise 500 */
async function invokeAuthorizer(request: RoutedRequest, authorizer: Authorizer, identity: readonly string[], input: RouteInput) {
  const { payload, completion } = await callFunction(request, authorizer, identity, input);
  const text = (await buffer(payload)).toString('utf8');
  const end = await completion;
  if (end.type === 'error') {
    // Developer guide, "Use API Gateway Lambda authorizers": a function asks for a 401 by failing with this one word.
    if (end.errorMessage === 'Unauthorized') throw unauthorized();
    throw authorizerError('AUTHORIZER_FAILURE', end.errorMessage);
  }
  const output = readAuthorizerOutput(text);
  if (!output) throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', 'the authorizer answered no policy');
  return output;
}

/** Calls the function with the authorizer's role, or as API Gateway, which the function's resource policy then has to allow. */
async function callFunction(
  request: RoutedRequest,
  { id, authorizerCredentials: role, type, authorizerUri }: Authorizer,
  identity: readonly string[],
  { place, iam, lambda }: RouteInput,
): Promise<FunctionResponse> {
  const functionArn = parseFunctionUri(authorizerUri ?? '')?.functionArn ?? '';
  try {
    if (role) {
      const { accessKeyId } = iam.assumeRole(role, 'apigateway.amazonaws.com');
      iam.authorize(accessKeyId, 'lambda:InvokeFunction', [functionArn]);
    }
    return await lambda.invoke({
      functionArn,
      payload: Buffer.from(JSON.stringify(authorizerEvent(request, type, identity))),
      mode: 'buffered',
      ...(!role && {
        source: {
          principal: 'apigateway.amazonaws.com',
          sourceArn: arn(place, 'execute-api', `${request.apiId}/authorizers/${id}`),
        },
      }),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', error.message);
  }
}

/** The token, or the request without body (developer guide, "Input to an API Gateway Lambda authorizer"). */
function authorizerEvent(request: RoutedRequest, type: Authorizer['type'], [token = '']: readonly string[]): object {
  const { methodArn } = request;
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: token };
  const { body: _, isBase64Encoded: __, ...rest } = toProxyEvent({ ...request, caller: {}, apiKey: undefined });
  // The examples in the guide have an empty object where a proxy integration has null.
  const filled = Object.entries(rest).map(([name, value]) => [name, value ?? {}]);
  return { type, methodArn, ...Object.fromEntries(filled) };
}

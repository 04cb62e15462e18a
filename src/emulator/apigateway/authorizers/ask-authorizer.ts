import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import type { AuthorizationInput } from './authorize.ts';
import { type AuthorizerAnswer, readAuthorizerAnswer } from './authorizer-answer.ts';
import type { Authorizer } from './authorizer.ts';
import { authorizerEvent } from './authorizer-event.ts';
import type { FunctionResponse } from '../front-door/function-invoker.ts';
import { authorizerError, unauthorized } from '../front-door/gateway-error.ts';
import { parseIntegrationUri } from '../front-door/integration-uri.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/**
 * Calls the function of a Lambda authorizer: with the authorizer's role, or else as API Gateway, which the function's resource
 * policy has to let in.
 * @throws {GatewayError} 401 when the function fails with `Unauthorized`; 500 when it cannot be called, fails otherwise, or answers
 * what is no policy
 */
export async function askAuthorizer(
  request: UnauthorizedRequest,
  authorizer: Authorizer,
  identity: readonly string[],
  input: AuthorizationInput,
): Promise<AuthorizerAnswer> {
  const { payload, completion } = await call(request, authorizer, identity, input);
  const chunks: Buffer[] = [];
  for await (const chunk of payload) chunks.push(chunk);
  const end = await completion;
  if (end.type === 'error') {
    // Developer guide, "Use API Gateway Lambda authorizers": a 401 is made by failing with this one word.
    if (end.errorMessage === 'Unauthorized') throw unauthorized();
    throw authorizerError('AUTHORIZER_FAILURE', end.errorMessage);
  }
  const answer = readAuthorizerAnswer(Buffer.concat(chunks).toString('utf8'));
  if (!answer) {
    throw authorizerError('AUTHORIZER_CONFIGURATION_ERROR', 'the authorizer answered no policy');
  }
  return answer;
}

async function call(
  request: UnauthorizedRequest,
  { id, credentials, type, uri }: Authorizer,
  identity: readonly string[],
  { place, iam, lambda }: AuthorizationInput,
): Promise<FunctionResponse> {
  const functionArn = parseIntegrationUri(uri ?? '')?.functionArn ?? '';
  try {
    if (credentials) {
      const { accessKeyId } = iam.assumeRole(credentials, 'apigateway.amazonaws.com');
      iam.authorize(accessKeyId, 'lambda:InvokeFunction', [functionArn]);
    }
    return await lambda.invoke({
      functionArn,
      payload: Buffer.from(JSON.stringify(authorizerEvent(request, type, identity, place))),
      mode: 'buffered',
      ...(!credentials && {
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

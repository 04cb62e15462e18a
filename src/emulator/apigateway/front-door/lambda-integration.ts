import { AwsError } from '../../kernel/aws-error.ts';
import { arn, type Place } from '../../kernel/place.ts';
import { scaleLength } from '../../kernel/time-scale.ts';
import { bufferedIntegration } from './buffered-integration.ts';
import type { FunctionInvoker, FunctionResponse } from './function-invoker.ts';
import { integrationTimeout, internalServerError } from './gateway-error.ts';
import { startIntegrationTimers } from './integration-timers.ts';
import { parseIntegrationUri } from './integration-uri.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { toProxyEvent } from './proxy-event.ts';
import type { Integration } from '../rest-api.ts';
import type { RoutedRequest } from './routed-request.ts';
import { streamIntegration } from './stream-integration.ts';

/**
 * Runs the function of an AWS_PROXY method and passes its answer on. Resolves when the function has ended, which may be long
 * after the client has gone.
 * @throws {GatewayError} 500 when Lambda refuses the call, or the transfer mode and the Lambda API of the URI do not go together
 */
export async function lambdaIntegration(
  request: RoutedRequest,
  integration: Integration,
  { place, lambda, limits }: { place: Place; lambda: FunctionInvoker; limits: ApiGatewayLimits },
): Promise<void> {
  const { exchange, endpointType } = request;
  const streaming = integration.responseTransferMode === 'STREAM';
  const uri = parseIntegrationUri(integration.uri ?? '');
  // "Unsupported configuration" in the support matrix; what a client sees of it is not said there.
  if (!uri || streaming !== (uri.lambdaApi === 'InvokeWithResponseStream')) {
    throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  }
  const timeoutMs = scaleLength(integration.timeoutMs, limits.timeScale);
  const timers = startIntegrationTimers({
    totalMs: streaming ? Math.min(timeoutMs, limits.streamDurationMs) : timeoutMs,
    idleMs: streaming ? limits.idleTimeoutMs[endpointType] : undefined,
    idleFromStart: limits.idleTimerBeforePrelude,
    onExpire: () => exchange.fail(integrationTimeout()),
  });
  void exchange.closed.then(timers.stop);
  exchange.integration.mode = streaming ? 'STREAMED' : 'BUFFERED';
  exchange.integration.calledAt = performance.now();
  const answer = await invoke(request, uri.functionArn, streaming, { place, lambda, limits });
  if (streaming) await streamIntegration(exchange, answer, limits, timers.touch);
  else await bufferedIntegration(exchange, answer, limits);
  exchange.integration.endAt ??= performance.now();
}

async function invoke(
  request: RoutedRequest,
  functionArn: string,
  streaming: boolean,
  { place, lambda, limits }: { place: Place; lambda: FunctionInvoker; limits: ApiGatewayLimits },
): Promise<FunctionResponse> {
  // Path parameters are wildcards in the ARN that a function's permission is matched with.
  const resourcePath = request.resource.path.replaceAll(/\{[^}]+\}/g, '*').slice(1);
  const resource = `${request.apiId}/${request.stage.name}/${request.httpMethod}/${resourcePath}`;
  try {
    return await lambda.invoke({
      functionArn,
      payload: Buffer.from(JSON.stringify(toProxyEvent(request, place))),
      mode: streaming ? 'streaming' : 'buffered',
      source: {
        principal: 'apigateway.amazonaws.com',
        sourceArn: arn(place, 'execute-api', resource),
      },
      ...(request.faults && { faults: request.faults }),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Lambda's 429 is an integration that has failed, and no throttling of the client (as AWS says in its forum, and users see it).
    if (error.status === 429) {
      throw internalServerError(limits.throttledFunctionStatus, 'INTEGRATION_FAILURE');
    }
    throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  }
}

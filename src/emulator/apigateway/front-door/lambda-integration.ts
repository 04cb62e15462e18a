import { buffer } from 'node:stream/consumers';
import type { Exchange } from './exchange.ts';
import { integrationTimeout, internalServerError, requestTooLong } from './gateway-error.ts';
import { toProxyEvent } from './proxy-event.ts';
import { createPreludeParser, readResponseHead, type ResponseHead, toClientHeaders } from './response-headers.ts';
import type { AuthorizedRequest } from './route.ts';
import { streamIntegration } from './stream-integration.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { type Integration, parseFunctionUri } from '../records/method.ts';
import type { FunctionInvoker, FunctionResponse } from '../../lambda/invoke-function.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { parseObject } from '../../kernel/properties.ts';
import { scaleLength } from '../../kernel/clock.ts';
import { arn } from '../../kernel/place.ts';

/** Resolves when the function has ended, maybe long after the client's close. @throws {GatewayError} 500 when it cannot be called */
export async function lambdaIntegration(
  request: AuthorizedRequest,
  integration: Integration,
  input: { readonly lambda: FunctionInvoker; readonly limits: ApiGatewayLimits },
): Promise<void> {
  const { limits } = input;
  const { exchange, endpointType } = request;
  const streaming = integration.responseTransferMode === 'STREAM';
  const uri = parseFunctionUri(integration.uri ?? '');
  // "Unsupported configuration" in the support matrix, which does not say what a client gets.
  if (!uri || streaming !== (uri.lambdaApi === 'InvokeWithResponseStream'))
    throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  const timeoutMs = scaleLength(integration.timeoutInMillis, limits.timeScale);
  const timers = startIntegrationTimers({
    totalMs: streaming ? Math.min(timeoutMs, limits.streamDurationMs) : timeoutMs,
    idleMs: streaming ? limits.idleTimeoutMs[endpointType] : undefined,
    idleFromStart: limits.idleTimerBeforePrelude,
    onExpire: () => exchange.fail(integrationTimeout()),
  });
  void exchange.closed.then(timers.stop);
  exchange.integration.mode = streaming ? 'STREAMED' : 'BUFFERED';
  exchange.integration.calledAt = performance.now();
  const answer = await invokeFunction(request, uri.functionArn, streaming, input);
  if (streaming) await streamIntegration(exchange, answer, limits, timers.touch);
  else await bufferedIntegration(exchange, answer, limits);
  exchange.integration.endAt ??= performance.now();
}

async function invokeFunction(
  request: AuthorizedRequest,
  functionArn: string,
  streaming: boolean,
  { lambda, limits }: { readonly lambda: FunctionInvoker; readonly limits: ApiGatewayLimits },
): Promise<FunctionResponse> {
  // Path parameters are wildcards in the ARN that is matched with a function's permission.
  const resourcePath = request.resource.path.replaceAll(/\{[^}]+\}/g, '*').slice(1);
  const resource = `${request.apiId}/${request.stage.stageName}/${request.httpMethod}/${resourcePath}`;
  try {
    return await lambda.invoke({
      functionArn,
      payload: Buffer.from(JSON.stringify(toProxyEvent(request))),
      mode: streaming ? 'streaming' : 'buffered',
      source: { principal: 'apigateway.amazonaws.com', sourceArn: arn(request.place, 'execute-api', resource) },
      ...(request.faults && { faults: request.faults }),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Lambda's 429 is a failed integration and does not throttle the client (answers of AWS in its forum, reports of users).
    if (error.status === 429) throw internalServerError(limits.throttledFunctionStatus, 'INTEGRATION_FAILURE');
    if (error.status === 413) throw requestTooLong();
    throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  }
}

/** Timers for the whole answer and, with `idleMs`, for its silence: from the start, or from the first `touch` for a chunk. */
function startIntegrationTimers(input: {
  readonly totalMs: number;
  readonly idleMs: number | undefined;
  readonly idleFromStart: boolean;
  readonly onExpire: () => void;
}) {
  const { totalMs, idleMs, idleFromStart } = input;
  let stopped = false;
  let idle: NodeJS.Timeout | undefined;
  const stop = () => {
    stopped = true;
    clearTimeout(total);
    clearTimeout(idle);
  };
  const expire = () => {
    stop();
    input.onExpire();
  };
  const total = setTimeout(expire, totalMs);
  const touch = () => {
    if (stopped || idleMs === undefined) return;
    if (idle) idle.refresh();
    else idle = setTimeout(expire, idleMs);
  };
  if (idleFromStart) touch();
  return { touch, stop };
}

const OUTPUT_KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * Answers with the JSON of an ordinary Lambda proxy integration (developer guide, "Output format of a Lambda function for proxy
 * integration"). When a function answers in the streaming format, status and headers reach the client and the body is lost (support
 * matrix of "Set up a Lambda proxy integration with payload response streaming").
 */
async function bufferedIntegration(exchange: Exchange, answer: FunctionResponse, limits: ApiGatewayLimits): Promise<void> {
  const payload = await buffer(answer.payload).catch(() => undefined);
  const completion = await answer.completion;
  if (exchange.over) return;
  const read =
    !payload || completion.type === 'error' || payload.length > limits.bufferedResponseBytes
      ? undefined
      : (readProxyOutput(payload) ?? readStreamFormat(payload, limits));
  if (!read) return exchange.fail(internalServerError(502));
  const headers = toClientHeaders(read.head.headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  exchange.begin(read.head.statusCode, [...headers, ['content-length', String(read.body.length)]]);
  await exchange.write(read.body);
  if (!exchange.over) exchange.end();
}

type ProxyOutput = { readonly head: ResponseHead; readonly body: Buffer };

/** The body stays text even when `isBase64Encoded`: decoding needs binary media types, and the API has none. */
function readProxyOutput(payload: Buffer): ProxyOutput | undefined {
  const output = parseObject(payload.toString('utf8'));
  const head = output && readResponseHead(output, OUTPUT_KEYS);
  const body = output?.['body'] ?? '';
  return head && typeof body === 'string' ? { head, body: Buffer.from(body) } : undefined;
}

function readStreamFormat(payload: Buffer, limits: ApiGatewayLimits): ProxyOutput | undefined {
  const prelude = createPreludeParser(limits.preludeBytes).push(payload);
  return prelude.type === 'complete' ? { head: prelude.head, body: Buffer.alloc(0) } : undefined;
}

import type { ServerResponse } from 'node:http';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { Iam } from '../iam/service.ts';
import type { AwsError } from '../kernel/aws-error.ts';
import { writeChunk } from '../kernel/client-connection.ts';
import type { AwsRequest } from '../kernel/service.ts';
import { LOG_RESULT_BYTES } from './environment-log.ts';
import { readUpTo, responseTooLarge } from './invocation.ts';
import type { FunctionResponse, InvokeFunction } from './invoke-function.ts';
import type { LambdaLimits } from './limits.ts';
import { enumMember, invalidParameter } from './function-properties.ts';
import { FUNCTION_VERSION, type Functions } from './store.ts';
import type { RestCall, RestRoutes } from '../protocols/rest-json.ts';

const EXECUTED_VERSION = { 'x-amz-executed-version': FUNCTION_VERSION };

/** Headers of an invocation that change what it does, and that the emulator does not honour. */
const UNSUPPORTED_HEADERS = ['x-amz-client-context', 'x-amz-durable-execution-name', 'x-amz-tenant-id'];

/** Invoke and InvokeWithResponseStream. Both are allowed by `lambda:InvokeFunction`. */
export function invokeRoutes(input: {
  readonly functions: Functions;
  readonly iam: Iam;
  readonly limits: LambdaLimits;
  readonly invoke: InvokeFunction;
}): RestRoutes {
  const { functions, iam, limits, invoke } = input;

  const run = async (
    { request, response, label }: RestCall,
    mode: 'streaming' | 'buffered',
    send: (result: FunctionResponse, withLog: boolean) => Promise<void>,
  ): Promise<void> => {
    const { arn } = functions.get(label('name'), request.query.get('Qualifier') ?? undefined);
    iam.authorize(request.accessKeyId, 'lambda:InvokeFunction', [arn]);
    if (readInvocationType(request) === 'DryRun') return void response.writeHead(204, EXECUTED_VERSION).end();
    const { body: payload, requestId, headers } = request;
    const logType = enumMember('logType', String(headers['x-amz-log-type'] ?? 'None'), ['None', 'Tail']);
    await send(await invoke({ functionArn: arn, payload, mode, requestId }), logType === 'Tail');
  };
  return {
    'POST /2015-03-31/functions/{name}/invocations': (call) =>
      run(call, 'buffered', (result, withLog) => sendBuffered(result, call.response, limits, withLog)),
    'POST /2021-11-15/functions/{name}/response-streaming-invocations': (call) =>
      run(call, 'streaming', (result, withLog) => sendEventStream(result, call.response, withLog)),
  };
}

function readInvocationType(request: AwsRequest): string {
  const unsupported = UNSUPPORTED_HEADERS.find((name) => request.headers[name] !== undefined);
  if (unsupported) throw refused(`the header ${unsupported}`);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'Event') throw refused(`InvocationType ${type}`);
  return enumMember('invocationType', String(type), ['Event', 'RequestResponse', 'DryRun']);
}

function refused(what: string): AwsError {
  return invalidParameter(`the emulator does not support ${what} in an invocation`);
}

async function sendBuffered(result: FunctionResponse, response: ServerResponse, limits: LambdaLimits, withLog: boolean) {
  const body = await readUpTo(result.payload, limits.bufferedResponseBytes);
  const completion = await result.completion;
  const tooLarge = body ? undefined : responseTooLarge('mid-stream', limits.bufferedResponseBytes);
  const failure = completion.type === 'error' ? completion : tooLarge;
  response.writeHead(200, {
    ...EXECUTED_VERSION,
    'content-type': failure ? 'application/json' : result.contentType,
    ...(failure ? { 'x-amz-function-error': 'Unhandled' } : {}),
    ...(withLog && { 'x-amz-log-result': await logResult(result) }),
  });
  response.end(failure ? failure.details : body);
}

/** PayloadChunk events as the function writes, then InvokeComplete; `ErrorCode` is the error's type, as users report it. */
async function sendEventStream(result: FunctionResponse, response: ServerResponse, withLog: boolean): Promise<void> {
  response.writeHead(200, { ...EXECUTED_VERSION, 'content-type': result.contentType });
  response.flushHeaders();
  for await (const chunk of result.payload) {
    if (!(await writeChunk(response, encodeBlobEvent('PayloadChunk', chunk)))) return;
  }
  const completion = await result.completion;
  const members = completion.type === 'ok' ? {} : { ErrorCode: completion.errorType, ErrorDetails: completion.details };
  response.end(encodeJsonEvent('InvokeComplete', { ...members, ...(withLog && { LogResult: await logResult(result) }) }));
}

/** The end of an invocation's log, in base64; empty when the function could not be started. */
async function logResult({ log }: FunctionResponse): Promise<string> {
  return Buffer.from((await log()) ?? '')
    .subarray(-LOG_RESULT_BYTES)
    .toString('base64');
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** An event whose body is a blob member bound to the event payload, as one message of `application/vnd.amazon.eventstream`. */
export const encodeBlobEvent = (eventType: string, body: Buffer) => encodeEvent(eventType, 'application/octet-stream', body);

/** An event whose members are a JSON object, as one message of `application/vnd.amazon.eventstream`. */
export const encodeJsonEvent = (eventType: string, members: object) =>
  encodeEvent(eventType, 'application/json', Buffer.from(JSON.stringify(members)));

function encodeEvent(eventType: string, contentType: string, body: Buffer): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: eventType },
      ':content-type': { type: 'string', value: contentType },
    },
    body,
  });
}

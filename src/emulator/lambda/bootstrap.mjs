/**
 * The runtime of an execution environment, in place of AWS's: it loads the handler and asks the Runtime API for events. It behaves like
 * the runtime interface client of nodejs24.x (aws-lambda-ric 4), including its traps: the prelude is sent with the first write() and never
 * with end(), the response stream is not a Writable, and destroying it ends the process.
 */
import net from 'node:net';
import { setDefaultHighWaterMark } from 'node:stream';
import { awslambda, HIGH_WATER_MARK, STREAMING } from './runtime/awslambda.mjs';
import { loadHandler } from './runtime/load-handler.mjs';
import { formatError, openResponseStream } from './runtime/response-stream.mjs';
import { createRuntimeClient, ERROR_TYPE } from './runtime/runtime-client.mjs';

/** Default of streams on Node.js 24, for every version that runs this. */
const DEFAULT_HIGH_WATER_MARK_BYTES = 65_536;

const { env } = process;
const client = createRuntimeClient(env['AWS_LAMBDA_RUNTIME_API'] ?? '');

watchEmulator();
setDefaultHighWaterMark(false, DEFAULT_HIGH_WATER_MARK_BYTES);
if (!['1', 'true'].includes(env['AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA'] ?? '')) Object.assign(globalThis, { awslambda });
/** Runtimes before nodejs24.x take handlers with a callback. */
const TAKES_CALLBACKS = /_nodejs(20|22)\.x$/.test(env['AWS_EXECUTION_ENV'] ?? '');
const handler = await initialize();
for (;;) await runOnce();

/** Ends this process when the emulator ends, for whatever reason: it holds the other end of the pipe at file descriptor 3. */
function watchEmulator() {
  const pipe = new net.Socket({ fd: 3, readable: true, writable: false });
  pipe.on('close', () => process.exit(1)).on('error', () => process.exit(1));
  pipe.resume().unref();
}

async function initialize() {
  try {
    const loaded = await loadHandler(env['LAMBDA_TASK_ROOT'] ?? '', env['_HANDLER'] ?? '', TAKES_CALLBACKS);
    if (loaded[HIGH_WATER_MARK]) client.setHighWaterMark(loaded[HIGH_WATER_MARK]);
    return loaded;
  } catch (error) {
    const failure = formatError(error);
    console.error('Init Error', JSON.stringify(failure));
    await client.post('init/error', failure, { [ERROR_TYPE]: failure.errorType });
    process.exit(1);
  }
}

async function runOnce() {
  const next = await client.next();
  const context = makeContext(/** @type {Record<string, string>} */ (next.headers));
  const event = JSON.parse(next.body);
  const joinHeadMs = next.headers['agentstream-emulator-join-head-ms'];
  if (handler[STREAMING]) await runStreaming(event, context, joinHeadMs === undefined ? undefined : Number(joinHeadMs));
  else await runBuffered(event, context);
}

/** @typedef {ReturnType<typeof makeContext>} Context */

/** @type {(event: unknown, context: Context) => Promise<void>} */
async function runBuffered(event, context) {
  const path = `invocation/${context.awsRequestId}`;
  try {
    const result = await (TAKES_CALLBACKS ? answerOf(event, context) : handler(event, context));
    await afterThisTurn();
    await client.post(`${path}/response`, result);
  } catch (error) {
    const failure = formatError(error);
    await afterThisTurn();
    console.error('Invoke Error', JSON.stringify(failure));
    await client.post(`${path}/error`, failure, { [ERROR_TYPE]: failure.errorType });
  }
}

/**
 * The answer of a handler that may call back, by its third argument or by the context, or return a promise. One that does neither answers
 * null once nothing is left to do (aws-lambda-ric 3, `BeforeExitListener`).
 * @type {(event: unknown, context: Context) => Promise<unknown>}
 */
async function answerOf(event, context) {
  return await new Promise((resolve, reject) => {
    const done = (/** @type {unknown} */ error, /** @type {unknown} */ value) =>
      error === undefined || error === null ? resolve(value) : reject(error);
    const legacy = { done, fail: reject, succeed: resolve };
    const returned = handler(event, Object.assign(context, legacy), done);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else process.once('beforeExit', () => resolve(null));
  });
}

/** @type {(event: unknown, context: Context, joinHeadMs?: number) => Promise<void>} `joinHeadMs` is of a fault of the emulator */
async function runStreaming(event, context, joinHeadMs) {
  const { stream, answered, fail } = openResponseStream(client, context.awsRequestId, joinHeadMs);
  try {
    const running = handler(event, stream, context);
    if (typeof running?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await running) !== undefined) console.warn('Streaming handlers ignore return values.');
    await answered;
    if (!stream['writableFinished']) throw new Error('Response stream is not finished.');
  } catch (error) {
    await afterThisTurn();
    console.error('Invoke Error', JSON.stringify(formatError(error)));
    fail(error);
  }
}

/** Lets the handler finish its work in this turn of the event loop. */
async function afterThisTurn() {
  await new Promise((resolve) => setImmediate(resolve));
}

/** @param {Record<string, string>} headers of the answer to `next` */
function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  env['_X_AMZN_TRACE_ID'] = headers['lambda-runtime-trace-id'];
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'] ?? '',
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'] ?? '',
    xRayTraceId: headers['lambda-runtime-trace-id'],
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

import { BASE_PATH, ERROR_BODY, ERROR_TYPE } from './runtime-client.mjs';

/** Handlers get these methods of the http.ClientRequest behind their response stream, bound to it ... */
const METHODS =
  'cork destroy end uncork write setContentType addListener on once prependListener prependOnceListener off removeListener removeAllListeners setMaxListeners getMaxListeners listeners rawListeners listenerCount eventNames emit'.split(
    ' ',
  );
/** ... and these properties. */
const READ_WRITE = ['destroyed', '_onBeforeFirstWrite'];
const READ_ONLY =
  'writable writableFinished writableObjectMode writableEnded writableNeedDrain writableHighWaterMark writableCorked writableLength'.split(
    ' ',
  );

const PRELUDE_END = Buffer.alloc(8);

/** @typedef {import('node:http').ClientRequest & Record<string, any>} LooseRequest */

/**
 * Opens the response of an invocation. `stream` is what the handler gets, `answered` settles with the Runtime API's answer,
 * which only comes after end(), and `fail` ends the response with the error in its trailers.
 * @param {import('./runtime-client.mjs').RuntimeClient} client
 * @param {string} requestId
 * @param {number} [joinHeadMs] see `joinPreludeEnd`; without it all writes stay apart
 */
export function openResponseStream(client, requestId, joinHeadMs) {
  const request = /** @type {LooseRequest} */ (
    client.open({
      method: 'POST',
      path: `${BASE_PATH}/invocation/${requestId}/response`,
      headers: {
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        Trailer: [ERROR_TYPE, ERROR_BODY],
        'Content-Type': 'application/octet-stream',
        'Transfer-Encoding': 'chunked',
      },
    })
  );
  /** @type {Promise<void>} */
  const answered = new Promise((resolve, reject) => {
    request.on('response', (response) => response.on('end', resolve).resume());
    request.on('error', reject);
  });
  answered.catch(() => undefined);
  // AWS's client has a second promise like the first, which nobody handles: its rejection is what ends the process when a
  // handler destroys its stream, or a pipeline into it fails.
  void new Promise((_, reject) => request.on('error', reject));
  request.on('error', (error) => request.destroy(error));
  if (joinHeadMs !== undefined) joinPreludeEnd(request, joinHeadMs);
  replaceWrite(request);

  /** @param {unknown} error */
  const fail = (error) => {
    const formatted = formatError(error);
    const body = Buffer.from(JSON.stringify(formatted)).toString('base64');
    request.addTrailers({ [ERROR_TYPE]: formatted.errorType, [ERROR_BODY]: body });
    request.end();
  };
  return { stream: wrap(request), answered, fail };
}

/**
 * Gives a request the write of a response stream, which sends the prelude first and takes objects, and setContentType. end() is
 * left as it is: it sends no prelude.
 * @param {LooseRequest} request
 */
function replaceWrite(request) {
  let written = false;
  const writeChunk = request.write.bind(request);
  const write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
    corkSocket(request);
    return writeChunk(chunk, ...rest);
  };
  request.write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
    if (chunk === null || chunk === undefined) throw new TypeError(`Cannot read properties of ${chunk} (reading 'length')`);
    const raw = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (!written) request['_onBeforeFirstWrite']?.(write);
    const flowing = write(raw ? chunk : JSON.stringify(chunk), ...rest);
    written = true;
    return flowing;
  };
  request['setContentType'] = (/** @type {string} */ contentType) => {
    if (written) throw new RuntimeError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
    request.setHeader('Content-Type', contentType);
  };
}

/**
 * Lets the NULs that end the prelude wait for the first payload and share its chunk, as they share a packet in AWS.
 * @param {LooseRequest} request
 * @param {number} waitMs how long, by this process's clock; 0 for what is written in the same turn
 */
function joinPreludeEnd(request, waitMs) {
  const { write, end } = /** @type {Record<string, any>} */ (request);
  /** @type {Buffer | undefined} */
  let held;
  const release = () => {
    if (held) write.call(request, held);
    held = undefined;
  };
  request.write = (/** @type {any} */ chunk, /** @type {any[]} */ ...rest) => {
    if (PRELUDE_END.equals(Buffer.from(chunk))) {
      held = Buffer.from(chunk);
      if (waitMs > 0) setTimeout(release, waitMs);
      else process.nextTick(release);
      return true;
    }
    if (!held || chunk.length === 0) return write.call(request, chunk, ...rest);
    const joined = Buffer.concat([held, Buffer.from(chunk)]);
    held = undefined;
    return write.call(request, joined);
  };
  request.end = (/** @type {any[]} */ ...rest) => {
    release();
    return end.apply(request, rest);
  };
}

/**
 * Keeps the writes of a tick apart, as they are on nodejs24.x: they leave together, each as a chunk of its own. Since Node 26.9 a
 * request joins them to one chunk (nodejs/node#64987), but only when it corks its socket itself.
 * @param {LooseRequest} request
 */
function corkSocket({ socket }) {
  if (!socket || socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** @type {(request: LooseRequest) => Record<string, any>} */
function wrap(request) {
  /** @type {Record<string, any>} */
  const stream = {};
  for (const name of METHODS) stream[name] = request[name].bind(request);
  for (const name of READ_ONLY) Object.defineProperty(stream, name, { get: () => request[name] });
  for (const name of READ_WRITE) {
    Object.defineProperty(stream, name, {
      get: () => request[name],
      set: (value) => {
        request[name] = value;
      },
    });
  }
  return stream;
}

/** An error of the runtime itself, with a name such as `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  /**
   * @param {string} name
   * @param {string} message
   */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** The Runtime API's form of a thrown value. @param {unknown} error */
export function formatError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

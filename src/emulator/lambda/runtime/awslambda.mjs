export const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
export const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

const PRELUDE_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';
const DELIMITER_BYTES = 8;

/**
 * @typedef {((...args: any[]) => any) & { [STREAMING]?: string, [HIGH_WATER_MARK]?: number }} Handler
 *
 * @typedef {object} PreludeStream
 * @property {(contentType: string) => void} setContentType
 * @property {(write: (chunk: unknown) => void) => void} [_onBeforeFirstWrite]
 */

/** @type {(handler: Handler, options?: { highWaterMark?: number }) => Handler} only marks a handler as a streaming one */
function streamifyResponse(handler, options) {
  handler[STREAMING] = 'response';
  if (options?.highWaterMark) handler[HIGH_WATER_MARK] = options.highWaterMark;
  return handler;
}

// A class with a static method, as in AWS.
// oxlint-disable-next-line typescript/no-extraneous-class
class HttpResponseStream {
  /**
   * Sends the metadata of an HTTP response before the first write, as JSON and eight NUL bytes. The metadata is read at once; of several
   * calls before the first write the last one counts.
   * @template {PreludeStream} Stream
   * @param {Stream} stream
   * @param {unknown} metadata
   */
  static from(stream, metadata) {
    stream.setContentType(PRELUDE_CONTENT_TYPE);
    const prelude = JSON.stringify(metadata);
    stream._onBeforeFirstWrite = (write) => {
      write(prelude);
      write(new Uint8Array(DELIMITER_BYTES));
    };
    return stream;
  }
}

/** The global of the managed Node.js runtimes. */
export const awslambda = { streamifyResponse, HttpResponseStream };

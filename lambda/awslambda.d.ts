/** The global that Lambda's managed Node.js runtimes inject (aws-lambda-ric, `HttpResponseStream` and `streamifyResponse`). */
declare namespace awslambda {
  /** Not a `stream.Writable`: a plain object with bound methods of an `http.ClientRequest`. */
  interface ResponseStream {
    write(chunk: string | Uint8Array): boolean;
    end(): void;
    on(event: 'drain' | 'close' | 'finish', listener: () => void): unknown;
    on(event: 'error', listener: (error: Error) => void): unknown;
    readonly writableNeedDrain: boolean;
    readonly writableEnded: boolean;
  }

  interface Metadata {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
  }

  interface Context {
    readonly awsRequestId: string;
    readonly invokedFunctionArn: string;
    getRemainingTimeInMillis(): number;
  }

  type StreamingHandler = (event: unknown, responseStream: ResponseStream, context: Context) => Promise<void>;

  function streamifyResponse(handler: StreamingHandler): StreamingHandler;

  const HttpResponseStream: { from(responseStream: ResponseStream, metadata: Metadata): ResponseStream };
}

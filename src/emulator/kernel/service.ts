import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** One emulated AWS service in one Region. Those with `resourceProviders` provision these types for CloudFormation. */
export interface Service {
  /** Format of errors that `handle` throws: XML for the query protocol, otherwise JSON. */
  readonly protocol: 'query' | 'rest-json';
  /** Answers one API call and ends the response. @throws {AwsError} before anything has been written */
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
  /** Ends everything that runs: child processes, timers, sockets. */
  close(): Promise<void>;
}

/** One signed AWS API call, as every emulated service sees it. */
export interface AwsRequest {
  /** UUID that goes out as `x-amzn-RequestId`. */
  readonly requestId: string;
  readonly method: string;
  /** Path as it came over the wire: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Signing name of the service, from the credential scope: `cloudformation`, `lambda`, `apigateway`, ... */
  readonly service: string;
  /** Region of the credential scope. */
  readonly region: string;
  readonly accessKeyId: string;
  /** Aborted when the caller closes its connection before the answer has ended. */
  readonly signal: AbortSignal;
}

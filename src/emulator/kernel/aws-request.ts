import type { IncomingHttpHeaders } from 'node:http';

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

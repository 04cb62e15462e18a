import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayError } from './gateway-error.ts';
import { readStaticHeaders } from './response-headers.ts';
import type { GatewayResponse } from '../records/rest-api.ts';
import { createAnswerReader } from './answer-reader.ts';
import { cutConnection, writeChunk } from '../../kernel/client-connection.ts';
import type { EndpointRequestEvent } from '../../kernel/emulator-event.ts';

/** The stage and the path that a client's request is for. */
export interface EndpointRequest {
  readonly apiId: string;
  readonly stage: string;
  /** Raw path below the stage, with a leading slash, without the query. */
  readonly path: string;
  /** The custom domain of the request, and the base path that was mapped to the stage, `` for none. */
  readonly domain?: { readonly name: string; readonly basePath: string };
}

/** The caller of a request, as far as API Gateway knows. */
export interface Caller {
  /** The signer of a request to an AWS_IAM method. */
  readonly signer?: {
    readonly accessKeyId: string;
    readonly accountId: string;
    readonly arn: string;
    /** Unique id of the user, or of the role and its session. */
    readonly userId: string;
  };
  /** `requestContext.authorizer`: `claims` of a user pool's token, or `principalId` and context of a Lambda authorizer. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** Why authorization failed. */
  readonly error?: string;
}

/** A request and its answer, from arrival to the last byte. It measures itself and reports once, at its end. */
export type Exchange = ReturnType<typeof openExchange>;

/** When the client closes the connection before a status is sent, there is none; nginx's number for that is widely understood. */
const CLIENT_CLOSED_STATUS = 499;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param emit gets the report of the exchange at its end */
export function openExchange(
  request: EndpointRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  emit: (event: EndpointRequestEvent) => void,
) {
  const started = performance.now();
  // "Clients may override x-amzn-RequestId with a UUID" (developer guide, "Set up access logging").
  const given = incoming.headers['x-amzn-requestid'];
  const requestId = typeof given === 'string' && UUID.test(given) ? given : randomUUID();
  const extendedRequestId = `${randomBytes(11).toString('base64').slice(0, 15)}=`;
  let ended = false;
  let wasCut = false;
  let lastWrite: number | undefined;
  let ttfbMs: number | undefined;
  let chunks = 0;
  let bytes = 0;
  let longestGap = { ms: -1, where: 'before-first-byte' as EndpointRequestEvent['longestGapWhere'] };
  /** A time without a byte ends now. */
  const endGap = (place: 'between-writes' | 'before-end'): void => {
    const now = performance.now();
    const ms = now - (lastWrite ?? started);
    if (ms > longestGap.ms) longestGap = { ms, where: chunks === 0 ? 'before-first-byte' : place };
    lastWrite = now;
  };
  const meaning = createAnswerReader(incoming, response);

  // Each chunk is sent on its own: Nagle's algorithm would delay small ones.
  incoming.socket.setNoDelay(true);

  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      if (!ended && !wasCut) endGap('before-end');
      const finished = response.writableFinished && !wasCut;
      const event: EndpointRequestEvent = {
        type: 'endpoint-request',
        apiId: request.apiId,
        stage: request.stage,
        method: incoming.method ?? '',
        path: request.path,
        status: response.headersSent ? response.statusCode : CLIENT_CLOSED_STATUS,
        requestId,
        ...(ttfbMs === undefined ? {} : { ttfbMs }),
        durationMs: performance.now() - started,
        chunks,
        bytes,
        ...meaning.read(exchange.failure),
        longestGapMs: longestGap.ms,
        longestGapWhere: longestGap.where,
        end: wasCut ? 'cut' : finished ? 'complete' : 'client-closed',
      };
      emit(event);
      resolve();
    });
  });

  const exchange = {
    incoming,
    requestId,
    /** Sent as `x-amz-apigw-id`. */
    extendedRequestId,
    /** Epoch milliseconds. */
    arrivedAt: Date.now(),
    closed,
    /** The integration that answers fills in its mode, as access logs name it, and its times, from `performance.now()`. */
    integration: {} as { mode?: 'BUFFERED' | 'STREAMED' } & { [at in 'calledAt' | 'headersAt' | 'contentAt' | 'endAt']?: number },
    /** The caller, as far as known, for the access log. */
    caller: {} as Caller,
    /** Decision of the stage's web ACL; undefined without one. */
    waf: undefined as 'allow' | 'block' | undefined,
    /** The gateway error that was the answer. */
    failure: undefined as GatewayError | undefined,
    /** Gateway responses of the deployment, once the deployment is known. */
    gatewayResponses: new Map() as ReadonlyMap<string, GatewayResponse>,
    /** Whether nothing more can reach the client. */
    get over(): boolean {
      return ended || wasCut || response.destroyed;
    },
    /** Sends status and headers at once. */
    begin(status: number, headers: readonly (readonly [string, string])[]): void {
      response.statusCode = status;
      for (const [name, value] of headers) response.appendHeader(name, value);
      response.setHeader('x-amzn-RequestId', requestId);
      response.setHeader('x-amz-apigw-id', extendedRequestId);
      response.flushHeaders();
    },
    /** Sends a chunk of the body at once; waits while the client is slow. */
    async write(chunk: Uint8Array): Promise<void> {
      if (exchange.over || chunk.length === 0) return;
      endGap('between-writes');
      ttfbMs ??= performance.now() - started;
      chunks += 1;
      bytes += chunk.length;
      meaning.push(chunk);
      await writeChunk(response, chunk);
    },
    end(): void {
      if (!exchange.over) endGap('before-end');
      ended = true;
      response.end();
    },
    /** Answers with a gateway error; cuts the connection when an answer has already begun. */
    fail(error: GatewayError): void {
      if (exchange.over) return;
      if (response.headersSent) return exchange.cut();
      exchange.failure = error;
      const { status, headers, body } = gatewayAnswer(error, exchange.gatewayResponses);
      exchange.begin(status, headers);
      void exchange.write(body);
      exchange.end();
    },
    /** Closes the connection without the terminating chunk, as AWS ends a stream that hits a limit. */
    cut(): void {
      if (!exchange.over) endGap('before-end');
      wasCut = true;
      cutConnection(response);
    },
  };
  return exchange;
}

/** The answer that a client gets for a gateway error. @param responses that customise such answers */
export function gatewayAnswer(error: GatewayError, responses: ReadonlyMap<string, GatewayResponse>) {
  const { responseType } = error;
  const general = error.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const custom = responseType && (responses.get(responseType) ?? responses.get(general));
  const { plainText, hidden, body: whole } = error.form;
  const message = hidden ? null : error.message;
  const plain = plainText ? error.message : JSON.stringify({ message });
  const body = Buffer.from((custom ? undefined : whole) ?? plain);
  const headers: [string, string][] = [
    ['content-type', plainText ? 'text/plain' : 'application/json'],
    ['content-length', String(body.length)],
    ['x-amzn-ErrorType', error.errorType],
    ...readStaticHeaders(custom?.responseParameters ?? {}, 'gatewayresponse.header.'),
  ];
  return { status: custom?.statusCode ?? error.status, headers, body };
}

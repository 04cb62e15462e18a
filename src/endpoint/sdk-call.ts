import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { isNotOpened } from '../aws/connection-failure.ts';
import { type AwsAccess, clientConfig } from '../aws/aws-access.ts';
import { toOperationError } from '../aws/aws-errors.ts';
import { proxiedHandler } from '../aws/proxy.ts';
import { OperationError } from '../cli/errors.ts';
import type { PartSink } from './exchange.ts';
import { connectFailed, streamCut } from './endpoint-error.ts';

/**
 * Options of a client that measures: it never retries, has no timeouts of its own, and opens a connection for each turn, as the
 * transport through API Gateway does.
 */
export function sdkClientConfig(access: AwsAccess) {
  const config = { ...clientConfig(access), maxAttempts: 1 };
  if (access.proxies) {
    // undici watches the connection itself: its timeout is the one of ours.
    const onRequest = (): void => connecting.getStore()?.connected();
    return { ...config, requestHandler: proxiedHandler(access.proxies, { isMeasured: true, onRequest }) };
  }
  const agentOptions = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };
  return {
    ...config,
    requestHandler: {
      connectionTimeout: 0,
      requestTimeout: 0,
      socketTimeout: 0,
      httpAgent: watchConnections(new HttpAgent(agentOptions), 'connect'),
      httpsAgent: watchConnections(new HttpsAgent(agentOptions), 'secureConnect'),
    },
  };
}

/** An exception that the service answered with: its HTTP status, and for example `ThrottlingException`. */
export type ServiceFailure = NonNullable<ReturnType<typeof readServiceFailure>>;

/** Place of a stamp in a command's middleware: the request is signed there, and the answer is not parsed yet. */
const AT_THE_WIRE = { step: 'deserialize', priority: 'low' } as const;

/**
 * Makes one call of an SDK client for a turn. The call is stamped, and an exception of the service becomes an answer of the turn, in the
 * form of the endpoint's failures.
 * @param send sends the command
 * @returns undefined when the service answered with an exception: the turn has its answer
 * @throws {OperationError} when the service did not answer
 */
export async function callService<Output>(
  sink: PartSink,
  access: AwsAccess,
  codeOf: (failure: ServiceFailure) => string,
  command: { readonly middlewareStack: { add(stamp: Stamp, place: typeof AT_THE_WIRE): void } },
  send: () => Promise<Output>,
): Promise<{ readonly output: Output; readonly head: CallHead } | undefined> {
  const call = stampSdkCall(sink);
  command.middlewareStack.add(call.middleware, AT_THE_WIRE);
  try {
    const output = await connecting.run(sink, send);
    return { output, head: call.head() };
  } catch (error) {
    const failure = readServiceFailure(error);
    if (!failure) throw toCallError(error, access);
    // Refused credentials, and an answer that is not AWS's, are explained as in every other command.
    const known = toOperationError(error, access);
    if (known instanceof OperationError && known.hint !== undefined) throw known;
    pushFailure(sink, failure, codeOf(failure), call.head());
    return undefined;
  }
}

/**
 * Stamps one call of an SDK client: the middleware pushes `sent` and keeps the head of the answer, whose body is not read yet. Names of
 * headers are in lower case, as the SDK's handler gives them; `at` is `performance.now()`.
 */
function stampSdkCall(sink: PartSink) {
  let head: { readonly at: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  return {
    head: () => head,
    middleware:
      <A, O extends { response: unknown }>(next: (args: A) => Promise<O>) =>
      async (args: A): Promise<O> => {
        sink.push({ type: 'sent', at: performance.now() });
        const output = await next(args);
        const { headers } = output.response as { readonly headers: Readonly<Record<string, string>> };
        head = { at: performance.now(), headers };
        return output;
      },
  };
}

type CallHead = ReturnType<ReturnType<typeof stampSdkCall>['head']>;

type Stamp = ReturnType<typeof stampSdkCall>['middleware'];

/** Reads an exception of an SDK client; undefined when the service did not answer with it. */
export function readServiceFailure(error: unknown) {
  const { name, message } = error as Error;
  const { httpStatusCode: status, requestId } = readMetadata(error);
  // When the SDK cannot read a successful answer, its error has that answer's status.
  if (status === undefined || status < FIRST_ERROR_STATUS) return undefined;
  return { status, name, message, requestId };
}

const FIRST_ERROR_STATUS = 300;

function readMetadata(error: unknown): { readonly httpStatusCode?: number; readonly requestId?: string } {
  return (error as { readonly $metadata?: object }).$metadata ?? {};
}

/** Hands an exception over in the form of the endpoint's failures: a status and a JSON body with `error` and `code`. */
function pushFailure(sink: PartSink, failure: ServiceFailure, code: string, head: CallHead): void {
  const { status, message, requestId } = failure;
  const headers = { ...head?.headers, 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ error: message, code, requestId }));
  const now = performance.now();
  sink.push({ type: 'headers', at: head?.at ?? now, status, headers });
  sink.push({ type: 'chunk', at: now, bytes: body });
  sink.push({ type: 'end', at: now });
}

/** The error of a call that the service did not answer. */
export function toCallError(error: unknown, access: AwsAccess): Error {
  if (!(error instanceof Error) || error instanceof OperationError) return toOperationError(error, access);
  const { code } = error as NodeJS.ErrnoException;
  if (isNotOpened(code)) return connectFailed(error, access.endpointUrl, access.proxies);
  if (code === 'ECONNRESET' || code === 'EPIPE') return streamCut(code, error);
  if (readMetadata(error).httpStatusCode !== undefined) return streamCut(error.name, error);
  return toOperationError(error, access);
}

/** The turn for which a connection is being opened. */
const connecting = new AsyncLocalStorage<PartSink>();

/** The SDK's connect timeout covers TCP, not the TLS handshake, so the HTTP agent reports when a connection is open. */
function watchConnections<A extends HttpAgent>(agent: A, event: 'connect' | 'secureConnect'): A {
  const source = agent as unknown as { createConnection(options: object, callback?: unknown): Duplex | null | undefined };
  const create = source.createConnection.bind(agent);
  source.createConnection = (options, callback) => {
    const sink = connecting.getStore();
    const socket = create(options, callback);
    return sink ? socket?.once(event, () => sink.connected()) : socket;
  };
  return agent;
}

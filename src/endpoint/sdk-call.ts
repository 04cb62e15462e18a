import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { NO_CONNECTION } from '../aws/aws-errors.ts';
import { OperationError } from '../cli/errors.ts';
import type { PartSink } from './exchange.ts';
import { connectFailed, streamCut } from './endpoint-error.ts';

/** What came of the request before anybody read its body. */
export interface CallHead {
  /** `performance.now()` when the headers had come. */
  readonly at: number;
  readonly status: number;
  /** Names in lower case, as the SDK's handler gives them. */
  readonly headers: Readonly<Record<string, string>>;
}

interface RawResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Stamps one call of an SDK client: `middleware` belongs next to the wire (step `deserialize`, priority `low`), where the request is
 * signed already and the answer not yet looked at. `sent` goes to the sink by itself.
 */
export function stampSdkCall(sink: PartSink): {
  readonly head: () => CallHead | undefined;
  readonly middleware: <A, O extends { response: unknown }>(
    next: (args: A) => Promise<O>,
  ) => (args: A) => Promise<O>;
} {
  let head: CallHead | undefined;
  return {
    head: () => head,
    middleware: (next) => async (args) => {
      sink.push({ type: 'sent', at: performance.now() });
      const output = await next(args);
      const { statusCode: status, headers } = output.response as RawResponse;
      head = { at: performance.now(), status, headers };
      return output;
    },
  };
}

/** How the AWS services are reached, and whose errors are told how. */
export interface SdkAccess {
  /** Constructor options of an SDK client. */
  readonly config: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly profile?: string;
    readonly credentials?: {
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken?: string;
    };
  };
  /** Turns what the SDK threw without having asked the service (no credentials, no Region) into an error of ours. */
  readonly explain: (error: unknown) => Error;
}

/**
 * Options of a client that measures: nothing is retried, no limit but ours cuts a stream, and a turn has a connection of its own,
 * as through the API.
 */
export function sdkClientConfig({ config }: SdkAccess) {
  const agentOptions = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };
  return {
    ...config,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 0,
      requestTimeout: 0,
      socketTimeout: 0,
      httpAgent: watchConnections(new HttpAgent(agentOptions), 'connect'),
      httpsAgent: watchConnections(new HttpsAgent(agentOptions), 'secureConnect'),
    },
  };
}

/** The turn for which a connection is being opened. */
const connecting = new AsyncLocalStorage<PartSink>();

/** Runs a call of an SDK client on behalf of a turn, which is told when the connection stands. */
export function callFor<T>(sink: PartSink, call: () => Promise<T>): Promise<T> {
  return connecting.run(sink, call);
}

interface ConnectionSource {
  createConnection(options: object, callback?: unknown): Duplex | null | undefined;
}

/** The SDK's own connect timeout ends with TCP and leaves a TLS handshake out, so the agent that it uses tells us. */
function watchConnections<A extends HttpAgent>(agent: A, event: 'connect' | 'secureConnect'): A {
  const source = agent as unknown as ConnectionSource;
  const create = source.createConnection.bind(agent);
  source.createConnection = (options, callback) => {
    const sink = connecting.getStore();
    const socket = create(options, callback);
    return sink ? socket?.once(event, () => sink.connected()) : socket;
  };
  return agent;
}

/** An exception that the service answered with. */
export interface ServiceFailure {
  /** HTTP status. */
  readonly status: number;
  /** For example `ThrottlingException`. */
  readonly name: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

/** Reads an exception of an SDK client; undefined when it is none that the service has answered with. */
export function readServiceFailure(error: unknown): ServiceFailure | undefined {
  const { name, message } = error as Error;
  const { httpStatusCode: status, requestId } = readMetadata(error);
  // The SDK names the status of a good answer, too, when it could not read that answer.
  if (status === undefined || status < FIRST_ERROR_STATUS) return undefined;
  return { status, name, message, requestId };
}

const FIRST_ERROR_STATUS = 300;

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}

function readMetadata(error: unknown): Metadata {
  return (error as { readonly $metadata?: Metadata }).$metadata ?? {};
}

/** Hands an exception over as the endpoint tells its failures: a status and a JSON body with `error` and `code`. */
export function pushFailure(
  sink: PartSink,
  failure: ServiceFailure,
  code: string,
  head: CallHead | undefined,
): void {
  const { status, message, requestId } = failure;
  const headers = { ...head?.headers, 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ error: message, code, requestId }));
  const now = performance.now();
  sink.push({ type: 'headers', at: head?.at ?? now, status, headers });
  sink.push({ type: 'chunk', at: now, bytes: body });
  sink.push({ type: 'end', at: now });
}

/** What a call that the service has not answered failed of. */
export function toCallError(error: unknown, { explain }: SdkAccess): Error {
  if (!(error instanceof Error) || error instanceof OperationError) return explain(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && NO_CONNECTION.has(code)) return connectFailed(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return streamCut(code, error);
  if (readMetadata(error).httpStatusCode !== undefined) return streamCut(error.name, error);
  return explain(error);
}

type Stamp = ReturnType<typeof stampSdkCall>['middleware'];

/** Where a stamp belongs in a command's middleware: next to the wire. */
export const AT_THE_WIRE = { step: 'deserialize', priority: 'low' } as const;

/**
 * Makes one call of an SDK client for a turn: stamped, and a refusal of the service handed to the sink as the endpoint tells its own.
 * @param send adds the stamp to its command, `AT_THE_WIRE`, and sends it
 * @returns undefined when the service has refused: the turn has its answer
 * @throws {OperationError} when the service has not answered
 */
export async function callService<Output>(
  sink: PartSink,
  access: SdkAccess,
  codeOf: (failure: ServiceFailure) => string,
  send: (stamp: Stamp) => Promise<Output>,
): Promise<{ readonly output: Output; readonly head: CallHead | undefined } | undefined> {
  const call = stampSdkCall(sink);
  try {
    const output = await callFor(sink, () => send(call.middleware));
    return { output, head: call.head() };
  } catch (error) {
    const failure = readServiceFailure(error);
    if (!failure) throw toCallError(error, access);
    pushFailure(sink, failure, codeOf(failure), call.head());
    return undefined;
  }
}

import aws4 from 'aws4';
import { Client, type Dispatcher } from 'undici';
import { OperationError } from '../errors.ts';
import { type ErrorBody, INVOKE_PATH, SESSION_HEADER } from '../protocol.ts';
import { createPartQueue, type PartQueue } from './part-queue.ts';
import type { StreamPart, Transport, TurnRequest } from './transport.ts';

/** How a request proves who it is. */
export type EndpointAuth =
  | { readonly type: 'none' }
  | { readonly type: 'api-key'; readonly key: string }
  | {
      readonly type: 'iam';
      readonly region: string;
      readonly credentials: () => Promise<SigningKey>;
    };

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ApiGatewayTarget {
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  readonly auth: EndpointAuth;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The deployed endpoint over HTTP/1.1. The library's own timeouts are off: their 300 s would be taken for API Gateway's
 * idle limit. A turn has a connection of its own, since streams are long and a cut must hit one turn only.
 */
export function createApiGatewayTransport(target: ApiGatewayTarget): Transport {
  const base = new URL(target.url);
  const clients = new Set<Client>();

  const connect = (): Client => {
    const client = new Client(base.origin, {
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    clients.add(client);
    return client;
  };
  const release = async (client: Client): Promise<void> => {
    clients.delete(client);
    await client.destroy();
  };

  return {
    async *open(request, signal) {
      const body = JSON.stringify(toBody(request));
      const options = await sign(
        target,
        base,
        'POST',
        { 'content-type': 'application/json' },
        body,
      );
      const client = connect();
      const queue = createPartQueue();
      try {
        signal.throwIfAborted();
        queue.push({ type: 'sent', at: performance.now() });
        client.dispatch(options, partHandler(queue, signal));
        yield* queue.parts;
      } finally {
        await release(client);
      }
    },

    async stop(sessionId) {
      const options = await sign(target, base, 'DELETE', { [SESSION_HEADER]: sessionId });
      const client = connect();
      try {
        const { statusCode, body } = await client.request(options);
        const text = await body.text();
        if (statusCode !== 200) throw endpointError(statusCode, text);
      } finally {
        await release(client);
      }
    },

    async close() {
      await Promise.all([...clients].map(release));
    },
  };
}

/** The failure that an answer other than 200 stands for: the function's own error body or API Gateway's `message`. */
export function endpointError(status: number, body: string): OperationError {
  const failure = parseErrorBody(body);
  const message = failure.error ?? failure.message ?? 'no reason given';
  return new OperationError(
    failure.code ?? `HTTP_${status}`,
    `the endpoint answered ${status}: ${message}`,
    { hint: hintFor(status, failure.code) },
  );
}

function hintFor(status: number, code: string | undefined): string | undefined {
  if (status === 403 && code === undefined)
    return 'give the API key by --api-key or AGENTSTREAM_API_KEY; `agentstream status --show-key` prints it';
  if (status === 429)
    return 'wait a moment, or raise --rate-limit and --quota with `agentstream deploy`';
  if (code === 'AGENT_NOT_FOUND')
    return 'deploy again with the ARN of an agent that exists: --agent-arn';
  if (status === 424) return "look at the agent's own log: it failed, not the endpoint";
  return undefined;
}

function parseErrorBody(body: string): Partial<ErrorBody> & { message?: string } {
  try {
    return JSON.parse(body) as Partial<ErrorBody> & { message?: string };
  } catch {
    return { error: body.slice(0, 200).trim() || 'an empty body' };
  }
}

function toBody(request: TurnRequest): Record<string, string> {
  return {
    prompt: request.prompt,
    ...(request.sessionId !== undefined && { session_id: request.sessionId }),
    ...(request.qualifier !== undefined && { qualifier: request.qualifier }),
  };
}

async function sign(
  target: ApiGatewayTarget,
  base: URL,
  method: 'POST' | 'DELETE',
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Dispatcher.RequestOptions> {
  const path = `${base.pathname.replace(/\/$/, '')}${INVOKE_PATH}`;
  const plain = {
    ...headers,
    ...(target.auth.type === 'api-key' && { 'x-api-key': target.auth.key }),
  };
  if (target.auth.type !== 'iam') return { method, path, headers: plain, body: body ?? null };
  const signed = aws4.sign(
    {
      service: 'execute-api',
      region: target.auth.region,
      host: base.host,
      method,
      path,
      headers: plain,
      ...(body && { body }),
    },
    await target.auth.credentials(),
  );
  const { Host: _host, 'Content-Length': _length, ...sent } = signed.headers ?? {};
  return { method, path, headers: sent as Record<string, string>, body: body ?? null };
}

/** Stamps first, then queues: the consumer's own lateness is never part of a time. */
function partHandler(queue: PartQueue, signal: AbortSignal): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | undefined;
  let connected = false;
  const abort = (): void => controller?.abort(signal.reason as Error);
  return {
    onRequestStart(newController) {
      controller = newController;
      connected = true;
      queue.onPressure((full) => (full ? newController.pause() : newController.resume()));
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    },
    onResponseStart(_controller, status, headers) {
      queue.push({ type: 'headers', at: performance.now(), status, headers: flatten(headers) });
    },
    onResponseData(_controller, bytes) {
      queue.push({ type: 'chunk', at: performance.now(), bytes });
    },
    onResponseEnd() {
      const part: StreamPart = { type: 'end', at: performance.now() };
      signal.removeEventListener('abort', abort);
      queue.push(part);
      queue.end();
    },
    onResponseError(_controller, error) {
      signal.removeEventListener('abort', abort);
      queue.fail(signal.aborted ? (signal.reason as Error) : toFailure(error, connected));
    },
  };
}

function toFailure(error: Error & { code?: string }, connected: boolean): OperationError {
  const reason = error.code ?? error.message;
  return connected
    ? new OperationError('STREAM_CUT', `the stream broke off before its end (${reason})`, {
        hint: 'a limit may have cut it: 5 minutes of silence, 15 minutes in all',
        cause: error,
      })
    : new OperationError('CONNECT_FAILED', `no connection to the endpoint (${reason})`, {
        hint: 'check the URL; is `agentstream dev` still running?',
        cause: error,
      });
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

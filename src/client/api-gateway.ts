import aws4 from 'aws4';
import { Client, type Dispatcher } from 'undici';
import { INVOKE_PATH, SESSION_HEADER } from '../protocol.ts';
import { endpointError } from './endpoint-error.ts';
import { openTurn, type PartSink } from './open-turn.ts';
import { readAnswer } from './read-answer.ts';
import type { Transport } from './transport.ts';
import { connectFailed, streamCut } from './transport-error.ts';
import { turnCall } from './turn-call.ts';
import { CONNECT_TIMEOUT_MS, STOP_TIMEOUT_MS, type TurnTimeouts } from './turn-timers.ts';

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

/** Made once: one for each turn, with its stack, would be a tenth of what a short turn costs. */
const OVER = new Error('the exchange is over');

interface Call {
  readonly method: 'POST' | 'DELETE';
  /** Below the stage. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The deployed endpoint over HTTP/1.1. The library's own timeouts are off: their 300 s would be taken for API Gateway's
 * idle limit. A turn has a connection of its own, since streams are long and a cut must hit one turn only.
 * @param options.timers of each turn; connect is 10 s unless given, the others are off
 */
export function createApiGatewayTransport(
  target: ApiGatewayTarget,
  options: { readonly timers?: TurnTimeouts } = {},
): Transport {
  const base = new URL(target.url);
  const timers: TurnTimeouts = { connectMs: CONNECT_TIMEOUT_MS, ...options.timers };
  const clients = new Set<Client>();

  const connect = (): Client => {
    const client = new Client(base.origin, {
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: 0,
    });
    clients.add(client);
    return client;
  };
  const release = async (client: Client, reason: Error | null = null): Promise<void> => {
    clients.delete(client);
    await client.destroy(reason);
  };
  const exchange = async (call: Call, sink: PartSink, signal: AbortSignal): Promise<void> => {
    const request = await sign(target, base, call);
    signal.throwIfAborted();
    const client = connect();
    const leave = (): void => void release(client);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sink.push({ type: 'sent', at: performance.now() });
        client.dispatch(request, partHandler(sink, resolve, reject));
      });
    } finally {
      await release(client, OVER);
    }
  };

  return {
    open(request, signal) {
      const headers = { 'content-type': 'application/json' };
      const call: Call = { method: 'POST', headers, ...turnCall(request) };
      return openTurn((sink, over) => exchange(call, sink, over), { signal, timers });
    },

    async stop(sessionId) {
      const headers = { [SESSION_HEADER]: sessionId };
      const call: Call = { method: 'DELETE', path: INVOKE_PATH, headers };
      const { status, body } = await readAnswer(
        openTurn((sink, over) => exchange(call, sink, over), {
          signal: new AbortController().signal,
          timers: { connectMs: timers.connectMs, totalMs: STOP_TIMEOUT_MS },
        }),
      );
      if (status !== 200) throw endpointError(status, body);
    },

    async close() {
      await Promise.all([...clients].map((client) => release(client)));
    },
  };
}

async function sign(
  { auth }: ApiGatewayTarget,
  base: URL,
  { method, path: callPath, headers, body }: Call,
): Promise<Dispatcher.RequestOptions> {
  const path = `${base.pathname.replace(/\/$/, '')}${callPath}`;
  const plain = { ...headers, ...(auth.type === 'api-key' && { 'x-api-key': auth.key }) };
  if (auth.type !== 'iam') return { method, path, headers: plain, body: body ?? null };
  const signed = aws4.sign(
    {
      service: 'execute-api',
      region: auth.region,
      host: base.host,
      method,
      path,
      headers: plain,
      ...(body && { body }),
    },
    await auth.credentials(),
  );
  const { Host: _host, 'Content-Length': _length, ...sent } = signed.headers ?? {};
  return { method, path, headers: sent as Record<string, string>, body: body ?? null };
}

/** Stamps first, then pushes: the consumer's own lateness is never part of a time. */
function partHandler(
  sink: PartSink,
  resolve: () => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let connected = false;
  return {
    onRequestStart() {
      connected = true;
      sink.connected();
    },
    onResponseStart(_controller, status, headers) {
      const at = performance.now();
      sink.push({ type: 'headers', at, status, headers: flatten(headers) });
    },
    onResponseData(controller, bytes) {
      if (sink.push({ type: 'chunk', at: performance.now(), bytes })) return;
      controller.pause();
      void sink.drained().then(() => controller.resume());
    },
    onResponseEnd() {
      sink.push({ type: 'end', at: performance.now() });
      resolve();
    },
    onResponseError(_controller, error: Error & { code?: string }) {
      reject(connected ? streamCut(error.code ?? error.message, error) : connectFailed(error));
    },
  };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

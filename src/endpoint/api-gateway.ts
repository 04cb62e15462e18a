import { Client, type Dispatcher } from 'undici';
import { flattenHeaders, openProxyAgent, proxyRefusal } from '../aws/proxied-request.ts';
import { proxyFor, type ProxySettings } from '../aws/proxy.ts';
import { authorize, type Call, type Credentials, type SignedCall } from './authorize.ts';
import { connectFailed, streamCut } from './endpoint-error.ts';
import { type PartSink, runExchange, runStop } from './exchange.ts';
import { stopPath, type Transport, turnCall } from './transport.ts';
import type { TurnTimeouts } from './turn-timers.ts';
import { SESSION_HEADER } from '../protocol.ts';
import type { StreamPart } from '../stream/stream-part.ts';

export interface ApiGatewayTarget {
  /** Base URL of the stage, without a trailing slash. */
  readonly url: string;
  readonly auth: Credentials;
  /** Headers that every request carries in addition to its own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const CLIENT_OPTIONS = {
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  connectTimeout: 0,
  // The default of Node.js: undici would load node:http to look it up.
  maxHeaderSize: 16_384,
};

/** How a turn gets its connection, and the error for one that could not be opened. */
function connector(url: string, origin: string, proxies: ProxySettings | undefined) {
  const proxy = proxyFor(url, proxies);
  return {
    open: (): Dispatcher => (proxy ? openProxyAgent(proxy.url, CLIENT_OPTIONS) : new Client(origin, CLIENT_OPTIONS)),
    explain: (error: Error): Error =>
      proxy ? connectFailed(proxyRefusal(error) as Error, url, proxies) : connectFailed(error, origin),
  };
}

/** Made once: an error for each turn, with its stack trace, would be a tenth of the CPU time of a short turn. */
const OVER = new Error('the exchange is over');

const SESSION = SESSION_HEADER.toLowerCase();
const GATEWAY_ERROR = 'x-amzn-errortype';

/**
 * The deployed endpoint over HTTP/1.1. The library's own timeouts are off: their 300 s would be taken for API Gateway's
 * idle limit. A turn has a connection of its own, since streams are long and a cut must hit one turn only.
 * @param options.proxies of the environment; the one for this endpoint is used
 * @param options.timers of each turn; connect is 10 s unless given, the others are off
 */
export function createApiGatewayTransport(
  target: ApiGatewayTarget,
  options: { readonly timers?: TurnTimeouts; readonly proxies?: ProxySettings | undefined } = {},
): Transport {
  const base = new URL(target.url);
  const { open, explain } = connector(target.url, base.origin, options.proxies);
  const { timers } = options;
  const clients = new Set<Dispatcher>();

  const connect = (): Dispatcher => {
    const client = open();
    clients.add(client);
    return client;
  };
  const release = async (client: Dispatcher, reason: Error | null = null): Promise<void> => {
    clients.delete(client);
    await client.destroy(reason);
  };
  const dispatch = async (request: SignedCall, sink: PartSink, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const client = connect();
    const leave = (): void => void release(client);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sink.push({ type: 'sent', at: performance.now() });
        client.dispatch({ ...request, origin: base.origin }, partHandler(explain, sink, resolve, reject));
      });
    } finally {
      await release(client, OVER);
    }
  };
  const exchange = async (call: Call, sink: PartSink, signal: AbortSignal): Promise<void> => {
    const { auth } = target;
    if (auth.type !== 'bearer') return dispatch(await authorize(auth, base, call), sink, signal);
    // Retries once with a new token: API Gateway refused the first, so nothing has run. A token command may print a new one; a flag cannot.
    const token = await auth.token();
    const refusal = createRefusal(sink);
    await dispatch(await authorize(auth, base, call, token), refusal.sink, signal);
    if (!refusal.isRefused()) return;
    const next = await auth.token(token);
    if (next === token) return refusal.tell();
    // The turn is timed from the first request.
    const resent: PartSink = { ...sink, push: (part) => part.type === 'sent' || sink.push(part) };
    await dispatch(await authorize(auth, base, call, next), resent, signal);
  };

  return {
    auth: target.auth.type,

    send(request, onPart, signal) {
      const headers = { 'content-type': 'application/json', ...target.headers };
      const call: Call = { method: 'POST', headers, ...turnCall(request) };
      return runExchange((sink, over) => exchange(call, sink, over), onPart, { signal, timers });
    },

    async stop(sessionId, qualifier) {
      const headers = { [SESSION_HEADER]: sessionId, ...target.headers };
      const call: Call = { method: 'DELETE', path: stopPath(qualifier), headers };
      await runStop((sink, over) => exchange(call, sink, over), timers, target.auth.type);
    },

    async close() {
      await Promise.all([...clients].map((client) => release(client)));
    },
  };
}

/** Holds back a refusal of the token until it is known whether another token can be tried. Answers of the function pass. */
function createRefusal(sink: PartSink) {
  let kept: StreamPart[] | undefined;
  const push: PartSink['push'] = (part) => {
    if (part.type === 'headers' && isRefusal(part)) kept = [];
    if (!kept) return sink.push(part);
    kept.push(part);
    return true;
  };
  return {
    sink: { ...sink, push },
    isRefused: () => kept !== undefined,
    /** Hands over what was kept. */
    tell(): void {
      for (const part of kept ?? []) sink.push(part);
    },
  };
}

/**
 * Whether the authorizer has refused the token, and nothing has run. A user pool answers 401, a Lambda authorizer 403 with the header of
 * API Gateway's own errors (Knowledge Center, "403 errors when using a Lambda authorizer"). Answers of the function name a session.
 */
function isRefusal({ status, headers }: StreamPart & { readonly type: 'headers' }): boolean {
  if (headers[SESSION]) return false;
  return status === 401 || (status === 403 && headers[GATEWAY_ERROR] !== undefined);
}

/**
 * Hands the parts of one answer over. Stamps first, then pushes: the consumer's own lateness is never part of a time.
 * @param reject with CONNECT_FAILED or STREAM_CUT
 */
function partHandler(
  explain: (error: Error) => Error,
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
      sink.push({ type: 'headers', at, status, headers: flattenHeaders(headers) });
    },
    onResponseData(controller, bytes) {
      if (sink.push({ type: 'chunk', at: performance.now(), bytes })) return;
      controller.pause();
      // undici loses a resume that comes in a microtask, while the read that it is to pause goes on.
      void sink.drained().then(() => setImmediate(() => controller.resume()));
    },
    onResponseEnd() {
      sink.push({ type: 'end', at: performance.now() });
      resolve();
    },
    onResponseError(_controller, error: Error & { code?: string }) {
      reject(connected ? streamCut(error.code ?? error.message, error) : explain(error));
    },
  };
}

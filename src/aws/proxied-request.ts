import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** A request of an SDK client, as its handler gets it. */
export interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

export interface ProxiedOptions {
  /** Until the headers of an answer have come, ms; 0 for ever. */
  readonly answerMs?: number;
  /** Opens a connection for each request. Default: keeps them. */
  readonly isMeasured?: boolean;
  /** Called for each request before it is sent. */
  readonly onRequest?: () => void;
}

/** undici's agent for one proxy, or for none. The variables were read before, so it reads none. */
export function openProxyAgent(proxyUrl: string | undefined, options: object = {}): EnvHttpProxyAgent {
  return new EnvHttpProxyAgent({ ...options, httpProxy: proxyUrl ?? '', httpsProxy: '', noProxy: '' });
}

/** Sends a request of an SDK client through the proxy for its host. @returns the answer as the SDK takes it; its body is read from the socket */
export async function sendRequest(
  request: SdkRequest,
  signal: AbortSignal | undefined,
  options: ProxiedOptions & {
    /** Empty for none. */
    readonly proxyUrl: string;
    /** Agents by the URL of their proxy. */
    readonly agents: Map<string, { destroy(): Promise<void> }>;
  },
): Promise<{ readonly statusCode: number; readonly headers: Record<string, string>; readonly body: unknown }> {
  const { method, path, query = {}, headers, body } = request;
  const { proxyUrl } = options;
  let agent = options.agents.get(proxyUrl) as EnvHttpProxyAgent | undefined;
  if (!agent) {
    const { answerMs = 0, isMeasured } = options;
    // No pipelining at all: undici then closes a connection after its request.
    const once = isMeasured ? { pipelining: 0 } : {};
    agent = openProxyAgent(proxyUrl, { headersTimeout: answerMs, bodyTimeout: 0, ...once });
    options.agents.set(proxyUrl, agent);
  }
  try {
    const answer = await agent.request({
      origin: originOf(request),
      path: path + queryOf(query),
      method,
      headers,
      body: (body ?? null) as NonNullable<Dispatcher.RequestOptions['body']> | null,
      ...(signal && { signal }),
    });
    return { statusCode: answer.statusCode, headers: flattenHeaders(answer.headers), body: answer.body };
  } catch (error) {
    throw proxyRefusal(error);
  }
}

export function originOf({ protocol, hostname, port }: SdkRequest): string {
  return `${protocol}//${hostname}${port ? `:${port}` : ''}`;
}

/** undici's error for a proxy that refuses a tunnel is an AbortError that tells the status in words only. Other errors pass. */
export function proxyRefusal(error: unknown): unknown {
  const [, status] = /^Proxy response \((\d+)\)/.exec((error as Error).message) ?? [];
  if (status === undefined) return error;
  return Object.assign(new Error(`the proxy answered ${status}`, { cause: error }), { code: `PROXY_${status}` });
}

/** As the SDK signs it: RFC 3986. */
function queryOf(query: NonNullable<SdkRequest['query']>): string {
  const escape = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [escape(name)] : [value].flat().map((each) => `${escape(name)}=${escape(each)}`),
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Headers of undici, those that came several times in one value. */
export function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value = '']) => [name, [value].flat().join(', ')]));
}

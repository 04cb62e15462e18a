import { UsageError } from '../cli/errors.ts';
import type { ProxiedOptions, SdkRequest } from './proxied-request.ts';

type NamedProxy = { readonly variable: string; readonly url: string };

/** The proxies of the environment by the protocol of a request. Plain data. */
export interface ProxySettings {
  readonly 'http:'?: NamedProxy;
  readonly 'https:'?: NamedProxy;
  /** Hosts that are reached without a proxy: `NO_PROXY`. */
  readonly except: string;
}

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Names in lower case win, as in curl; empty ones count as unset.
 * @returns undefined without a proxy
 * @throws {UsageError} INVALID_URL
 */
export function readProxies(env: NodeJS.ProcessEnv): ProxySettings | undefined {
  const [http, https] = [readProxy(env, 'HTTP_PROXY'), readProxy(env, 'HTTPS_PROXY')];
  if (!http && !https) return undefined;
  const except = env['no_proxy'] || env['NO_PROXY'] || '';
  return { ...(http && { 'http:': http }), ...(https && { 'https:': https }), except };
}

function readProxy(env: NodeJS.ProcessEnv, name: string): NamedProxy | undefined {
  const variable = [name.toLowerCase(), name].find((each) => env[each]?.trim());
  if (variable === undefined) return undefined;
  const given = env[variable]?.trim() ?? '';
  // curl takes a host without a scheme.
  const url = /^[a-z][a-z\d]*:\/\//i.test(given) ? given : `http://${given}`;
  if (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol)) return { variable, url };
  throw new UsageError('INVALID_URL', `not the URL of a proxy: ${variable}`, {
    hint: 'for example http://proxy.example:3128, or unset it',
  });
}

/** The proxy that a request to this URL goes through; undefined when it goes straight. */
export function proxyFor(target: string, proxies: ProxySettings | undefined): NamedProxy | undefined {
  const { protocol, host, port } = new URL(target);
  const proxy = protocol === 'https:' || protocol === 'http:' ? proxies?.[protocol] : undefined;
  if (!proxy || !proxies) return undefined;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  const portNumber = port || (protocol === 'https:' ? '443' : '80');
  const isExcepted = proxies.except.split(/[,\s]+/).some((entry) => {
    if (entry === '*') return true;
    const [, pattern = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const suffix = pattern.replace(/^\*?\./, '').toLowerCase();
    const isPort = entryPort === undefined || entryPort === portNumber;
    return suffix !== '' && isPort && (name === suffix || name.endsWith(`.${suffix}`));
  });
  return isExcepted ? undefined : proxy;
}

/** A proxy for a sentence, without its password: `HTTPS_PROXY=http://proxy.example:3128`. */
export function proxyName({ variable, url }: NamedProxy): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return `${variable}=${shown.href.replace(/\/$/, '')}`;
}

/**
 * `requestHandler` of an SDK client for a machine with a proxy. undici's agent is loaded with the first request.
 * @throws from `handle`: what undici throws, with `code` PROXY_STATUS when the proxy refused
 */
export function proxiedHandler(proxies: ProxySettings, options: ProxiedOptions = {}) {
  const agents = new Map<string, { destroy(): Promise<void> }>();
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkRequest, { abortSignal }: { readonly abortSignal?: unknown } = {}) {
      options.onRequest?.();
      const { originOf, sendRequest } = await import('./proxied-request.ts');
      const proxyUrl = proxyFor(originOf(request), proxies)?.url ?? '';
      const signal = abortSignal as AbortSignal | undefined;
      return { response: await sendRequest(request, signal, { ...options, proxyUrl, agents }) };
    },
    updateHttpClientConfig: (): void => undefined,
    httpHandlerConfigs: () => ({}),
    destroy(): void {
      for (const agent of agents.values()) void agent.destroy();
      agents.clear();
    },
  };
}

import { proxyFor, proxyName, type ProxySettings } from './proxy.ts';
import { hint, type Hint } from '../cli/errors.ts';

/** Codes of Node.js for a connection that could not be opened. */
const NOT_OPENED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/;

/** Codes of OpenSSL and Node.js for a certificate that is not trusted, and for a peer that does not speak TLS. */
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;

/** A proxy that answered a CONNECT with another status than 200. */
const PROXY_REFUSED = /^PROXY_(\d+)$/;

/** Whether an error with this code means that no connection could be opened. */
export function isNotOpened(code: string | undefined): code is string {
  return code !== undefined && (NOT_OPENED.test(code) || TLS.test(code) || PROXY_REFUSED.test(code));
}

function proxyHint(code: string, name: string, host: string): string {
  const [, status] = PROXY_REFUSED.exec(code) ?? [];
  const path = `the connection to ${host} goes through the proxy ${name}`;
  if (status === '407') return `${path}, which wants a name and a password: http://NAME:PASSWORD@HOST:PORT`;
  if (status !== undefined) return `${path}, which refused it (${status}): ask who runs it, or except the host by NO_PROXY`;
  return `${path}: check that variable, or except the host by NO_PROXY`;
}

/** Host names of this machine, as URLs have them. */
export const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The remedy for a connection that could not be opened.
 * @param where.url that was called; undefined for AWS itself
 * @param given where the URL comes from, as an imperative: `check the URL`
 */
export function connectionHint(
  code: string,
  { url, proxies }: { readonly url: string | undefined; readonly proxies?: ProxySettings | undefined },
  given: string,
): Hint {
  // The host of AWS depends on the service and the Region; what matters is whether a proxy is in between.
  const proxy = proxyFor(url ?? 'https://amazonaws.com', proxies);
  const host = url === undefined ? 'AWS' : new URL(url).hostname;
  if (TLS.test(code)) {
    const by = proxy ? `; the proxy ${proxyName(proxy)} may put its own in its place` : '';
    return `the certificate of ${host} is not trusted here${by}: set NODE_EXTRA_CA_CERTS to the file of its authority, and ${given}`;
  }
  if (proxy) return proxyHint(code, proxyName(proxy), host);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return url === undefined ? given : `${host} does not resolve: ${given} for a typing error, and the network`;
  if (LOOPBACK.test(host)) return hint`${given}; is \`${['agentstream', 'dev']}\` still running?`;
  return code === 'ECONNREFUSED' ? `nothing listens at ${host}: ${given} and its port` : `${given} and the network`;
}

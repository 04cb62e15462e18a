import { hint, type Hint } from '../cli/hint.ts';

/** Codes of Node.js for a connection that could not be opened. */
const NOT_OPENED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Codes of OpenSSL and Node.js for a certificate that is not trusted, and for a peer that does not speak TLS. */
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;

/** Whether an error with this code means that no connection could be opened. */
export function isNotOpened(code: string | undefined): code is string {
  return code !== undefined && (NOT_OPENED.has(code) || TLS.test(code));
}

/** Host names of this machine, as URLs have them. */
export const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * What to do about a connection that could not be opened, by what happened.
 * @param url that was called; undefined for AWS itself
 * @param given where the URL comes from, as an imperative: `check the URL`
 */
export function connectionHint(code: string, url: string | undefined, given: string): Hint {
  const host = url === undefined ? 'AWS' : new URL(url).hostname;
  if (TLS.test(code)) {
    return `the certificate of ${host} is not trusted here: set NODE_EXTRA_CA_CERTS to the file of its authority, and ${given}`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return url === undefined ? given : `${host} does not resolve: ${given} for a typing error, and the network`;
  }
  if (LOOPBACK.test(host)) return hint`${given}; is \`${['agentstream', 'dev']}\` still running?`;
  return code === 'ECONNREFUSED' ? `nothing listens at ${host}: ${given} and its port` : `${given} and the network`;
}

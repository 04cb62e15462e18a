import type { IncomingMessage } from 'node:http';
import type { EndpointRequest } from './apigateway/front-door/exchange.ts';

const PATH_PATTERN = /^\/_aws\/execute-api\/([a-z0-9]+)\/([A-Za-z0-9_-]+)(\/[^?]*)?(?:\?|$)/;
const DOMAIN_PATH_PATTERN = /^\/_aws\/domain\/([A-Za-z0-9.*-]+)(\/[^?]*)?(?:\?|$)/;
const HOST_PATTERN = /^([a-z0-9]+)\.execute-api\./;
const STAGE_PATTERN = /^\/([A-Za-z0-9_-]+)(\/[^?]*)?(?:\?|$)/;

/** Names that no other machine can have (RFC 6761, section 6.3), and this machine's own addresses. */
const LOOPBACK_HOST = /^(?:(?:[^.]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Target of a request: a stage of an API, or a path of a custom domain. */
export type EndpointTarget =
  | ({ readonly type: 'api' } & EndpointRequest)
  | { readonly type: 'domain'; readonly domainName: string; readonly path: string };

/**
 * The deployed API that a request is for, by path (`/_aws/execute-api/{api}/{stage}/...`, `/_aws/domain/{domain}/{base path}/...`) or by
 * host name: AWS's own form (`{api}.execute-api.{anything}/{stage}/...`) or a custom domain. Undefined for an AWS API call.
 */
export function matchEndpointUrl(incoming: IncomingMessage, isDomain: (name: string) => boolean): EndpointTarget | undefined {
  const url = incoming.url ?? '/';
  const byPath = PATH_PATTERN.exec(url);
  if (byPath) {
    const [, apiId = '', stage = '', path = '/'] = byPath;
    return { type: 'api', apiId, stage, path };
  }
  const byDomain = DOMAIN_PATH_PATTERN.exec(url);
  if (byDomain) {
    const [, domainName = '', path = '/'] = byDomain;
    return { type: 'domain', domainName, path };
  }
  const host = hostOf(incoming);
  if (isDomain(host)) return { type: 'domain', domainName: host, path: url.replace(/\?.*$/s, '') };
  const apiId = HOST_PATTERN.exec(host)?.[1];
  if (!apiId) return undefined;
  const [, stage = '', path = '/'] = STAGE_PATTERN.exec(url) ?? [];
  return { type: 'api', apiId, stage, path };
}

/**
 * Whether a request is addressed to this emulator: by a loopback name, or by the name of a deployed API or domain. A web page whose own
 * name has been pointed at this machine (DNS rebinding) sends that name as `Host`.
 */
export function isAddressedHere(incoming: IncomingMessage, isDomain: (name: string) => boolean): boolean {
  const host = hostOf(incoming);
  return host === '' || LOOPBACK_HOST.test(host) || HOST_PATTERN.test(host) || isDomain(host);
}

/** Host name in lower case, without the port; empty where HTTP/1.0 sends none. */
function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}

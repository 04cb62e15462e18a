import type { IncomingMessage } from 'node:http';
import type { EndpointRequest } from './apigateway/exchange.ts';

const PATH_PATTERN = /^\/_aws\/execute-api\/([a-z0-9]+)\/([A-Za-z0-9_-]+)(\/[^?]*)?(?:\?|$)/;
const HOST_PATTERN = /^([a-z0-9]+)\.execute-api\./;
const STAGE_PATTERN = /^\/([A-Za-z0-9_-]+)(\/[^?]*)?(?:\?|$)/;

/**
 * Whether a request is for a deployed API, and which: by path (`/_aws/execute-api/{api}/{stage}/...`), or by a host name like
 * AWS's own (`{api}.execute-api.{anything}/{stage}/...`).
 */
export function matchEndpointUrl(incoming: IncomingMessage): EndpointRequest | undefined {
  const url = incoming.url ?? '/';
  const byPath = PATH_PATTERN.exec(url);
  if (byPath) {
    const [, apiId = '', stage = '', path = '/'] = byPath;
    return { apiId, stage, path };
  }
  const apiId = HOST_PATTERN.exec(incoming.headers.host ?? '')?.[1];
  if (!apiId) return undefined;
  const [, stage = '', path = '/'] = STAGE_PATTERN.exec(url) ?? [];
  return { apiId, stage, path };
}

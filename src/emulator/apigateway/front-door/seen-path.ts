import type { EndpointRequest } from './exchange.ts';

/**
 * `$context.path`: as the client wrote it, with the stage in front of it, or the base path of a custom domain (observed on AWS:
 * localstack/localstack pull request 12296).
 */
export function seenPath(
  stage: string,
  path: string,
  domain: EndpointRequest['domain'] | undefined,
): string {
  return `${domain ? basePathOf(domain) : `/${stage}`}${path}`;
}

/** The base path of a custom domain as a prefix, with its slash; `` for none. */
export function basePathOf(domain: EndpointRequest['domain'] | undefined): string {
  return domain?.basePath ? `/${domain.basePath}` : '';
}

import type { ApiStore } from '../store.ts';
import { NO_BASE_PATH } from '../domain-name.ts';
import type { EndpointRequest } from './exchange.ts';

/**
 * Finds the stage that a path of a custom domain leads to: by its longest base path, or by the mapping of the root (developer guide,
 * "Use API mappings to connect API stages to a custom domain name for REST APIs").
 * @param path raw, with a leading slash, without the query
 */
export function resolveDomain(
  store: ApiStore,
  domainName: string,
  path: string,
): EndpointRequest | undefined {
  const mappings = [...store.basePathMappings.values()]
    .filter((mapping) => mapping.domainName === domainName)
    .map(({ basePath, apiId, stage }) => ({
      basePath: basePath === NO_BASE_PATH ? '' : basePath,
      apiId,
      stage: stage ?? '',
    }))
    .sort((a, b) => b.basePath.length - a.basePath.length);
  const found = mappings.find(
    ({ basePath }) =>
      basePath === '' || path === `/${basePath}` || path.startsWith(`/${basePath}/`),
  );
  if (!found) return undefined;
  const { apiId, stage, basePath } = found;
  const rest = basePath === '' ? path : path.slice(basePath.length + 1);
  return { apiId, stage, path: rest || '/', domain: { name: domainName, basePath } };
}

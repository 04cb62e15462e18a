import { parseIdentitySource } from './identity-source.ts';
import { requestOrigin } from '../front-door/request-origin.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

/**
 * The values that an authorizer tells callers apart by, in the order of its identity sources.
 * @returns undefined when one of them is missing or empty: the caller is unauthorised, and no function is asked (API reference,
 * CreateAuthorizer `identitySource`)
 */
export function readIdentity(
  identitySource: string,
  { exchange, query, stage, apiId, httpMethod, resource }: UnauthorizedRequest,
): readonly string[] | undefined {
  const context: Readonly<Record<string, string>> = {
    apiId,
    httpMethod,
    resourcePath: resource.path,
    stage: stage.name,
    'identity.sourceIp': requestOrigin(exchange.incoming).sourceIp,
  };
  const values: string[] = [];
  const sources = identitySource === '' ? [] : (parseIdentitySource(identitySource) ?? []);
  for (const { in: place, name } of sources) {
    const header = exchange.incoming.headers[name.toLowerCase()];
    const value =
      place === 'header'
        ? [header].flat()[0]
        : place === 'querystring'
          ? query.get(name)
          : place === 'stageVariables'
            ? stage.variables?.[name]
            : context[name];
    if (!value) return undefined;
    values.push(value);
  }
  return values;
}

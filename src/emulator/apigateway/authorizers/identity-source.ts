import { requestOrigin } from '../front-door/request-context.ts';
import type { RoutedRequest } from '../front-door/route.ts';
import { type IdentitySource, parseIdentitySource } from '../records/authorizer.ts';

/** The values in their order. @returns undefined when one is missing: the authorizer is not called (API reference) */
export function readIdentity(identitySource: string, { exchange, query, stage, apiId, httpMethod, resource }: RoutedRequest) {
  const context: Readonly<Record<string, string>> = {
    apiId,
    httpMethod,
    resourcePath: resource.path,
    stage: stage.stageName,
    'identity.sourceIp': requestOrigin(exchange.incoming).sourceIp,
  };
  const read: Readonly<Record<IdentitySource['in'], (name: string) => string | null | undefined>> = {
    header: (name) => [exchange.incoming.headers[name.toLowerCase()]].flat()[0],
    querystring: (name) => query.get(name),
    stageVariables: (name) => stage.variables?.[name],
    context: (name) => context[name],
  };
  const sources = identitySource === '' ? [] : (parseIdentitySource(identitySource) ?? []);
  const values = sources.map((source) => read[source.in](source.name));
  return values.every((value): value is string => Boolean(value)) ? values : undefined;
}

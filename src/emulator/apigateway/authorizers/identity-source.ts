import { requestOrigin } from '../front-door/request-context.ts';
import type { RoutedRequest } from '../front-door/route.ts';

/** One part of a request that an authorizer reads the caller's identity from. */
type IdentitySource = { readonly in: 'header' | 'querystring' | 'stageVariables' | 'context'; readonly name: string };

const EXPRESSION = /^(?:method\.request\.(header|querystring)|(stageVariables|context))\.([A-Za-z0-9._$-]+)$/;

/** Reads an `identitySource`, expressions separated by commas (API reference, CreateAuthorizer). @returns undefined if malformed */
export function parseIdentitySource(text: string): readonly IdentitySource[] | undefined {
  const sources: IdentitySource[] = [];
  for (const expression of text.split(',')) {
    const [, request, other, name] = EXPRESSION.exec(expression.trim()) ?? [];
    const place = (request ?? other) as IdentitySource['in'] | undefined;
    if (!place || !name) return undefined;
    sources.push({ in: place, name });
  }
  return sources;
}

/** The values in their order. @returns undefined when one is missing: the authorizer is not called (API reference) */
export function readIdentity(
  identitySource: string,
  { exchange, query, stage, apiId, httpMethod, resource }: RoutedRequest,
): readonly string[] | undefined {
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

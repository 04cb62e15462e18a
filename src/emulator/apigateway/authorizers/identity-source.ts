/** One part of a request that an authorizer takes an identity from. */
export interface IdentitySource {
  readonly in: 'header' | 'querystring' | 'stageVariables' | 'context';
  readonly name: string;
}

const EXPRESSION =
  /^(?:method\.request\.(header|querystring)|(stageVariables|context))\.([A-Za-z0-9._$-]+)$/;

/**
 * Reads the mapping expressions of an `identitySource`, separated by commas (API reference, CreateAuthorizer): headers, and for a
 * REQUEST authorizer also parts of the query string, stage variables and context variables.
 * @returns undefined when one of them is none
 */
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

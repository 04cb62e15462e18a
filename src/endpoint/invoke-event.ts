/** Who calls by this way. Whoever may invoke the function may say what he likes: it is no more than a name. */
const CALLER = 'agentstream-hop-lambda';

/**
 * A request as API Gateway hands it to the function (REST API, payload format 1.0; developer guide, "Set up Lambda proxy
 * integrations"). Without `requestContext.requestId`: the function then names the id that Lambda gave the invocation.
 * @param pathAndQuery below the stage
 * @param claims that the function wants to see of a caller; none for one that does not ask
 */
export function invokeEvent(
  httpMethod: 'POST' | 'DELETE',
  pathAndQuery: string,
  headers: Readonly<Record<string, string>>,
  body: string | null,
  claims: readonly string[] = [],
): object {
  const verified = Object.fromEntries(claims.map((name) => [name, CALLER]));
  const { pathname: path, searchParams } = new URL(pathAndQuery, 'http://function');
  const query = Object.fromEntries(searchParams);
  const hasQuery = searchParams.size > 0;
  return {
    resource: path,
    path,
    httpMethod,
    headers,
    multiValueHeaders: inLists(headers),
    queryStringParameters: hasQuery ? query : null,
    multiValueQueryStringParameters: hasQuery ? inLists(query) : null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourcePath: path,
      httpMethod,
      path,
      ...(claims.length > 0 && { authorizer: { principalId: CALLER, claims: verified } }),
    },
    body,
    isBase64Encoded: false,
  };
}

function inLists(values: Readonly<Record<string, string>>): Record<string, [string]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

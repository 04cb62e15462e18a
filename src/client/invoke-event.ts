/**
 * A request as API Gateway hands it to the function (REST API, payload format 1.0; developer guide, "Set up Lambda proxy
 * integrations"). Without `requestContext.requestId`: the function then names the id that Lambda gave the invocation.
 * @param path below the stage
 */
export function invokeEvent(
  httpMethod: 'POST' | 'DELETE',
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | null,
): object {
  return {
    resource: path,
    path,
    httpMethod,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { resourcePath: path, httpMethod, path },
    body,
    isBase64Encoded: false,
  };
}

import { INVOKE_PATH } from '../protocol.ts';

/**
 * A request as API Gateway hands it to the function (REST API, payload format 1.0; developer guide, "Set up Lambda proxy
 * integrations"). Without `requestContext.requestId`: the function then names the id that Lambda gave the invocation.
 */
export function invokeEvent(
  httpMethod: 'POST' | 'DELETE',
  headers: Readonly<Record<string, string>>,
  body: string | null,
): object {
  return {
    resource: INVOKE_PATH,
    path: INVOKE_PATH,
    httpMethod,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { resourcePath: INVOKE_PATH, httpMethod, path: INVOKE_PATH },
    body,
    isBase64Encoded: false,
  };
}

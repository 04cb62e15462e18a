import { parseJson } from '../agent-events/json-value.ts';
import { hint, OperationError } from '../cli/errors.ts';

/** Name of the caller in the claims. Nothing verifies it: a caller that may invoke the function can put any name there. */
const CALLER = 'agentstream-hop-lambda';

/**
 * A request as API Gateway hands it to the function (REST API, payload format 1.0; developer guide, "Set up Lambda proxy
 * integrations"). Without `requestContext.requestId`: the function then names the id that Lambda gave the invocation.
 * @param pathAndQuery below the stage
 * @param claims names of the claims that the function reads; empty when it reads none
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

const DELIMITER = Buffer.alloc(8);

/** The preludes of our function are far smaller. API Gateway takes 16 KB (developer guide, "Set up a Lambda proxy integration with payload response streaming"). */
const MAX_PRELUDE_BYTES = 16_384;

/**
 * Reads the prelude of a streamed payload: metadata JSON, then eight NUL bytes. Chunks may be split anywhere.
 * @returns a function that takes the next bytes: undefined until the prelude is complete, then status and headers (names in lower case)
 *   and the first bytes of the body
 * @throws {OperationError} INVALID_PRELUDE: the function does not serve an API with response streaming
 */
export function createPreludeReader() {
  let received: Buffer = Buffer.alloc(0);
  return (bytes: Uint8Array) => {
    received = Buffer.concat([received, bytes]);
    const end = received.indexOf(DELIMITER);
    if (end === -1 && received.length <= MAX_PRELUDE_BYTES + DELIMITER.length) return undefined;
    const head = end === -1 ? undefined : readHead(received.toString('utf8', 0, end));
    if (head) return { head, rest: received.subarray(end + DELIMITER.length) };
    throw new OperationError('INVALID_PRELUDE', 'the function answered without the status and headers of a streamed response', {
      hint: hint`is it the function of an agentstream stack? deploy again: ${['agentstream', 'deploy']}`,
    });
  };
}

function readHead(json: string) {
  const head = parseJson(json) as { statusCode?: number; headers?: Record<string, unknown> } | null | undefined;
  if (!head) return undefined;
  const named = Object.entries(head.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { status: head.statusCode ?? 200, headers: Object.fromEntries(named) as Readonly<Record<string, string>> };
}

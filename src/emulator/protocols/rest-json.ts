import type { ServerResponse } from 'node:http';
import { type AwsError, unknownOperation } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/service.ts';

/** Decoded path labels of an operation, by name. */
export type PathParams = Readonly<Record<string, string>>;

type RestHandler = (request: AwsRequest, response: ServerResponse, params: PathParams) => Promise<void> | void;

/** Operations by `METHOD /path/{label}`; a label spans one path segment and is percent-decoded. */
export type RestRoutes = Readonly<Record<string, RestHandler>>;

/**
 * Finds the operation of a REST call and runs it. A trailing slash is ignored.
 * @throws {AwsError} UnknownOperationException (404) that names the call, when no operation matches
 */
export async function dispatchRest(routes: RestRoutes, request: AwsRequest, response: ServerResponse): Promise<void> {
  for (const [operation, handler] of Object.entries(routes)) {
    const params = matchOperation(operation, request);
    if (params) {
      await handler(request, response, params);
      return;
    }
  }
  throw unknownOperation(404, `${request.service} call ${request.method} ${request.path}`);
}

/** Ends a call with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Ends a call with a REST-JSON error: the code in `x-amzn-ErrorType`, the sentence in `message`. */
export function sendRestJsonError(response: ServerResponse, error: AwsError): void {
  sendJson(response, error.status, { message: error.message, ...error.members }, { 'x-amzn-ErrorType': error.code });
}

function matchOperation(operation: string, request: AwsRequest): PathParams | undefined {
  const space = operation.indexOf(' ');
  if (operation.slice(0, space) !== request.method) return undefined;
  const pattern = segments(operation.slice(space + 1));
  const actual = segments(request.path);
  if (pattern.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = actual[index] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

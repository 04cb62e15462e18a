import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type AwsError, unknownOperation } from '../kernel/aws-error.ts';
import type { AwsRequest } from '../kernel/service.ts';

export interface RestCall {
  readonly request: AwsRequest;
  readonly response: ServerResponse;
  /** The decoded label of the path with this name. */
  label(name: string): string;
}

/** By `METHOD /path/{label}`, a label being one segment; they return the JSON of a 200, or undefined when they have answered. */
export type RestRoutes = Readonly<Record<string, (call: RestCall) => unknown>>;

/** Runs the operation of a REST call; a trailing slash is ignored. @throws {AwsError} UnknownOperationException (404) */
export async function dispatchRest(routes: RestRoutes, request: AwsRequest, response: ServerResponse): Promise<void> {
  for (const [operation, run] of Object.entries(routes)) {
    const labels = matchOperation(operation, request);
    if (!labels) continue;
    const body = await run({ request, response, label: (name) => labels[name] ?? '' });
    if (body !== undefined) sendJson(response, 200, body);
    return;
  }
  throw unknownOperation(404, `${request.service} call ${request.method} ${request.path}`);
}

/** Ends a call with a JSON body, in which times are epoch seconds and maps are objects (Smithy, AWS restJson1). */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  const wireForm = function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    // A date comes as text already; `this` has it as it was.
    const given = this[key];
    if (given instanceof Date) return Math.floor(given.getTime() / 1_000);
    return given instanceof Map ? Object.fromEntries(given) : value;
  };
  response.end(JSON.stringify(body, wireForm));
}

/**
 * Ends a call with a REST-JSON error: the code in `x-amzn-ErrorType`, the sentence in `message`.
 * @param isAwsJson the service speaks AWS JSON (it was called by X-Amz-Target), whose clients read the code from `__type`
 */
export function sendRestJsonError(response: ServerResponse, error: AwsError, isAwsJson = false): void {
  const body = { ...(isAwsJson && { __type: error.code }), message: error.message, ...error.members };
  sendJson(response, error.status, body, { 'x-amzn-ErrorType': error.code });
}

function matchOperation(operation: string, request: AwsRequest): Readonly<Record<string, string>> | undefined {
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

import { parse, render } from 'velocityjs';
import { requestOrigin } from './request-origin.ts';
import type { RoutedRequest } from './routed-request.ts';
import { seenPath } from './seen-path.ts';

/** What a mapping template has made of a request. */
export interface MappedText {
  readonly text: string;
  /** What the template set of `$context.responseOverride`. */
  readonly override: {
    readonly status: number | undefined;
    readonly headers: readonly (readonly [string, string])[];
  };
}

/** Why a mapping template cannot be run; undefined when it can. */
export function templateError(template: string): string | undefined {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Runs a mapping template, in the Velocity Template Language, for a MOCK method (developer guide, "Variables for data
 * transformations" and "Override your API's request and response parameters and status codes"): `$input.body`, `$input.params()`,
 * `$context`, `$stageVariables`, `$util`, and `$context.responseOverride` to be set.
 */
export function renderMapping(template: string, request: RoutedRequest): MappedText {
  const responseOverride: { status?: unknown; header: Record<string, unknown> } = { header: {} };
  const context = { ...contextOf(request), responseOverride };
  const values = {
    input: inputOf(request),
    context,
    stageVariables: request.stage.variables,
    util,
  };
  const text = render(template, values);
  const { status, header } = responseOverride;
  return {
    text,
    override: {
      status: status === undefined ? undefined : Number(status),
      headers: Object.entries(header)
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => [name, String(value)]),
    },
  };
}

const util = {
  escapeJavaScript: (text: unknown) => JSON.stringify(String(text)).slice(1, -1),
  urlEncode: (text: unknown) => encodeURIComponent(String(text)),
  urlDecode: (text: unknown) => decodeURIComponent(String(text)),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString('utf8'),
  parseJson: (text: unknown): unknown => JSON.parse(String(text)),
};

/** `$input`. A parameter is looked for in the path, the query string and the headers, in this order; one that is missing is empty. */
function inputOf({ body, pathParameters, query, exchange }: RoutedRequest) {
  const { rawHeaders } = exchange.incoming;
  // Names as the client wrote them: a Regional endpoint passes them as they are.
  const header: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    header[rawHeaders[index] ?? ''] = rawHeaders[index + 1] ?? '';
  }
  const querystring = Object.fromEntries(query);
  return {
    body: body.toString('utf8'),
    params: (name?: string) =>
      name === undefined
        ? { path: pathParameters, querystring, header }
        : (pathParameters[name] ?? querystring[name] ?? header[name] ?? ''),
  };
}

/** Those of the `$context` variables that a request has before its answer. */
function contextOf(request: RoutedRequest) {
  const { exchange, apiId, stage, httpMethod, resource, path, domain } = request;
  return {
    apiId,
    httpMethod,
    requestId: exchange.requestId,
    extendedRequestId: exchange.extendedRequestId,
    requestTimeEpoch: exchange.arrivedAt,
    stage: stage.name,
    path: seenPath(stage.name, path, domain),
    resourceId: resource.id,
    resourcePath: resource.path,
    identity: {
      sourceIp: requestOrigin(exchange.incoming).sourceIp,
      userAgent: exchange.incoming.headers['user-agent'] ?? '',
    },
  };
}

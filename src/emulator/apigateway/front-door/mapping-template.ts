import { parse, render } from 'velocityjs';
import { requestContext } from './proxy-event.ts';
import type { AuthorizedRequest } from './route.ts';

/** A rendered mapping template. */
export interface MappedText {
  readonly text: string;
  /** The members of `$context.responseOverride` that the template set. */
  readonly override: { readonly status: number | undefined; readonly headers: readonly (readonly [string, string])[] };
}

/** The syntax error of a mapping template; undefined without one. */
export function templateError(template: string): string | undefined {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Renders a mapping template, in the Velocity Template Language, for a MOCK method (developer guide, "Variables for data
 * transformations" and "Override your API's request and response parameters and status codes"): `$input.body`, `$input.params()`,
 * `$context`, `$stageVariables`, `$util`; a template may set `$context.responseOverride`.
 */
export function renderMapping(template: string, request: AuthorizedRequest): MappedText {
  const responseOverride: { status?: unknown; header: Record<string, unknown> } = { header: {} };
  const { identity, ...own } = requestContext(request);
  const context = { ...own, identity: { ...identity, userAgent: identity.userAgent ?? '' }, responseOverride };
  const values = { input: inputOf(request), context, stageVariables: request.stage.variables, util };
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

/** `$input`. A parameter is looked up in the path, the query string and the headers, in this order; a missing one is empty. */
function inputOf({ body, pathParameters, query, exchange }: AuthorizedRequest) {
  const { rawHeaders } = exchange.incoming;
  // Names as the client wrote them: a Regional endpoint does not change them.
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

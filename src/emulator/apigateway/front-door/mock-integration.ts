import { parseObject } from '../../kernel/properties.ts';
import { GatewayError, internalServerError } from './gateway-error.ts';
import { readStaticHeaders } from './response-headers.ts';
import type { Integration, IntegrationResponse } from '../records/method.ts';
import type { AuthorizedRequest } from './route.ts';
import { requestContext } from './proxy-event.ts';
import { render } from 'velocityjs';

/**
 * Answers a MOCK method, such as a CORS preflight: the request template gives a `statusCode`, which selects the integration
 * response; its static headers and its template make the answer. Overrides of a template win (developer guide, "Set up mock
 * integrations").
 * @throws {GatewayError} 415 without a template for the content type, 500 without a status or a response for it
 */
export async function mockIntegration(request: AuthorizedRequest, integration: Integration): Promise<void> {
  const { exchange, body } = request;
  const type = exchange.incoming.headers['content-type']?.split(';')[0]?.trim();
  const template = integration.requestTemplates[type ?? 'application/json'];
  const { passthroughBehavior } = integration;
  const hasTemplates = Object.keys(integration.requestTemplates).length > 0;
  const refused = passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasTemplates);
  if (template === undefined && refused)
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'UnsupportedMediaTypeException', 'Unsupported Media Type');
  const requested = template === undefined ? undefined : renderMapping(template, request);
  const status = statusOf(requested?.text ?? body.toString('utf8'));
  const response =
    integration.responses.find(
      ({ selectionPattern }) => selectionPattern && status && new RegExp(`^(?:${selectionPattern})$`).test(status),
    ) ?? integration.responses.find(({ selectionPattern }) => !selectionPattern);
  if (status === undefined || !response) throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  const mapped = renderMapping(response.responseTemplates['application/json'] ?? '', request);
  const statusCode = mapped.status ?? Number(response.statusCode);
  // RFC 9110: a 204 has no content.
  const content = Buffer.from(statusCode === 204 ? '' : mapped.text);
  const headers = headersOf(response, [requested, mapped]);
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  exchange.begin(statusCode, [
    ...(typed ? [] : [['content-type', 'application/json'] as const]),
    ...(statusCode === 204 ? [] : [['content-length', String(content.length)] as const]),
    ...headers,
  ]);
  await exchange.write(content);
  exchange.end();
}

/** Static headers, and the headers that templates set in their place. */
function headersOf(response: IntegrationResponse, mapped: readonly (ReturnType<typeof renderMapping> | undefined)[]) {
  const overridden = mapped.flatMap((each) => each?.headers ?? []);
  const names = new Set(overridden.map(([name]) => name.toLowerCase()));
  const headers = readStaticHeaders(response.responseParameters, 'method.response.header.');
  return [...headers.filter(([name]) => !names.has(name.toLowerCase())), ...overridden];
}

function statusOf(json: string): string | undefined {
  const status = parseObject(json)?.['statusCode'];
  return typeof status === 'number' || typeof status === 'string' ? String(status) : undefined;
}

/**
 * Renders a mapping template, in the Velocity Template Language, for a MOCK method (developer guide, "Variables for data
 * transformations" and "Override your API's request and response parameters and status codes"): `$input.body`, `$input.params()`,
 * `$context`, `$stageVariables`, `$util`.
 * @returns `status`, `headers`: what the template set in `$context.responseOverride`
 */
function renderMapping(template: string, request: AuthorizedRequest) {
  const responseOverride: { status?: unknown; header: Record<string, unknown> } = { header: {} };
  const { identity, ...own } = requestContext(request);
  const context = { ...own, identity: { ...identity, userAgent: identity.userAgent ?? '' }, responseOverride };
  const values = { input: inputOf(request), context, stageVariables: request.stage.variables, util };
  const text = render(template, values);
  const { status, header } = responseOverride;
  return {
    text,
    status: status === undefined ? undefined : Number(status),
    headers: Object.entries(header)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)] as const),
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
  const header = Object.fromEntries(
    rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [])),
  ) as Readonly<Record<string, string>>;
  const querystring = Object.fromEntries(query);
  const places = [pathParameters, querystring, header];
  return {
    body: body.toString('utf8'),
    params: (name?: string) =>
      name === undefined
        ? { path: pathParameters, querystring, header }
        : (places.find((place) => Object.hasOwn(place, name))?.[name] ?? ''),
  };
}

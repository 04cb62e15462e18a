import { parseObject } from '../../kernel/properties.ts';
import { GatewayError, internalServerError } from './gateway-error.ts';
import { type MappedText, renderMapping } from './mapping-template.ts';
import { readStaticHeaders } from './response-parameter.ts';
import type { Integration, IntegrationResponse } from '../rest-api.ts';
import type { AuthorizedRequest } from './route.ts';

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
  const statusCode = mapped.override.status ?? Number(response.statusCode);
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
function headersOf(
  response: IntegrationResponse,
  mapped: readonly (MappedText | undefined)[],
): readonly (readonly [string, string])[] {
  const overridden = mapped.flatMap((each) => each?.override.headers ?? []);
  const names = new Set(overridden.map(([name]) => name.toLowerCase()));
  const headers = readStaticHeaders(response.responseParameters, 'method.response.header.');
  return [...headers.filter(([name]) => !names.has(name.toLowerCase())), ...overridden];
}

function statusOf(json: string): string | undefined {
  const status = parseObject(json)?.['statusCode'];
  return typeof status === 'number' || typeof status === 'string' ? String(status) : undefined;
}

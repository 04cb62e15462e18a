import { GatewayError, internalServerError } from './gateway-error.ts';
import { headerOfParameter, literalOf } from './response-parameter.ts';
import type { Integration } from './rest-api.ts';
import type { RoutedRequest } from './routed-request.ts';

/**
 * Answers a MOCK method, such as a CORS preflight: the request template gives a `statusCode`, which selects the integration
 * response, whose static headers and template make the answer (developer guide, "Set up mock integrations").
 * @throws {GatewayError} 415 without a template for the content type, 500 without a status or a response for it
 */
export async function mockIntegration(
  { exchange, body }: RoutedRequest,
  integration: Integration,
): Promise<void> {
  const type = exchange.incoming.headers['content-type']?.split(';')[0]?.trim();
  const template = integration.requestTemplates[type ?? 'application/json'];
  const { passthroughBehavior } = integration;
  const hasTemplates = Object.keys(integration.requestTemplates).length > 0;
  const refused =
    passthroughBehavior === 'NEVER' ||
    (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasTemplates);
  if (template === undefined && refused) {
    throw new GatewayError(
      'UNSUPPORTED_MEDIA_TYPE',
      415,
      'UnsupportedMediaTypeException',
      'Unsupported Media Type',
    );
  }
  const status = statusOf(template ?? body.toString('utf8'));
  const response =
    integration.responses.find(
      ({ selectionPattern }) =>
        selectionPattern && status && new RegExp(`^(?:${selectionPattern})$`).test(status),
    ) ?? integration.responses.find(({ selectionPattern }) => !selectionPattern);
  if (status === undefined || !response) {
    throw internalServerError(500, 'API_CONFIGURATION_ERROR');
  }
  const content = Buffer.from(response.responseTemplates['application/json'] ?? '');
  const headers = Object.entries(response.responseParameters).map(
    ([parameter, value]): readonly [string, string] => [
      headerOfParameter(parameter, 'method.response.header.'),
      literalOf(value),
    ],
  );
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const statusCode = Number(response.statusCode);
  exchange.begin(statusCode, [
    ...(typed ? [] : [['content-type', 'application/json'] as const]),
    // RFC 9110: a 204 has no Content-Length.
    ...(statusCode === 204 ? [] : [['content-length', String(content.length)] as const]),
    ...headers,
  ]);
  await exchange.write(content);
  exchange.end();
}

function statusOf(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const status = (value as { statusCode?: unknown } | null)?.statusCode;
    return typeof status === 'number' || typeof status === 'string' ? String(status) : undefined;
  } catch {
    return undefined;
  }
}

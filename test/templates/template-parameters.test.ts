import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ParameterValues } from '../../src/aws/stack-values.ts';
import { SETTING_ROWS, SETTINGS } from '../../src/stack/settings/settings.ts';
import { createCodeRenderer } from '../../src/stack/template-renderer.ts';
import type { RenderedTemplate } from '../../src/templates/render.ts';

type Parameters = Record<string, { readonly Default?: string | number }>;

const parametersOf = ({ body }: RenderedTemplate): Parameters =>
  (parse(body, { logLevel: 'silent' }) as { Parameters: Parameters }).Parameters;

const render = await createCodeRenderer('x', { isFull: true });
const renderWithDefaults = await createCodeRenderer('x', { isFull: true, asDefaults: true });

const deploymentId = (parameters: ParameterValues): string => /ApiDeployment[0-9a-f]+/.exec(render(parameters).body)?.[0] ?? '';

test('knows every parameter with its default', () => {
  const parameters = Object.entries(parametersOf(render({})));
  expect(Object.fromEntries(SETTING_ROWS.map(([name, row]) => [name, row.default]))).toEqual(
    Object.fromEntries(parameters.map(([name, { Default: value }]) => [name, value === undefined ? undefined : String(value)])),
  );
  expect(SETTINGS.AgentRuntimeArn.default).toBeUndefined();
});

test('values become defaults only where they are wanted', () => {
  const parameters = { AgentRuntimeArn: 'arn:x', CorsOrigins: "it's", WafRateLimit: '77' };
  const as = (asDefaults: boolean): Parameters => parametersOf(asDefaults ? renderWithDefaults(parameters) : render(parameters));
  expect(as(true)).toMatchObject({
    AgentRuntimeArn: { Default: 'arn:x' },
    CorsOrigins: { Default: "it's" },
    WafRateLimit: { Default: 77 },
    Waf: { Default: 'off' },
  });
  expect(as(false)).toEqual(parametersOf(render({})));
});

test.each<[keyof ParameterValues, string]>([
  ['AuthMode', 'iam'],
  ['UserPoolArn', 'arn:x'],
  ['AuthScopes', 'a,b'],
  ['AuthorizerArn', 'arn:x'],
  ['IdentitySource', 'method.request.header.X'],
  ['AuthorizerTtlSeconds', '0'],
  ['CorsOrigins', 'https://app.example'],
  ['CorsCredentials', 'on'],
  ['EndpointType', 'EDGE'],
  ['VpcEndpointIds', 'vpce-1'],
  ['AllowCidrs', '192.0.2.0/24'],
])('%s shapes the API, so a change of it makes a new deployment', (name, value) => {
  expect(deploymentId({ [name]: value })).not.toBe(deploymentId({}));
  expect(deploymentId({ [name]: SETTINGS[name].default })).toBe(deploymentId({}));
});

test('what does not shape the API leaves its deployment alone', () => {
  const others = {
    RateLimit: '1',
    Waf: 'managed',
    AccessLog: 'on',
    Tracing: 'on',
    DomainName: 'api.example.com',
    MaxConcurrency: '3',
    ApiKeySlot: 'b',
    UserIdFrom: 'sub',
  };
  expect(deploymentId(others)).toBe(deploymentId({}));
});

import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderTemplate } from '../../src/templates/render.ts';
import { templateParameters } from '../../src/templates/template-parameters.ts';

type Parameters = Record<string, { readonly Default?: string | number }>;

const parametersOf = (text: string): Parameters =>
  (parse(text, { logLevel: 'silent' }) as { Parameters: Parameters }).Parameters;

const deploymentId = (parameters: Record<string, string>): string =>
  /ApiDeployment[0-9a-f]+/.exec(renderTemplate({ handlerCode: 'x', parameters }))?.[0] ?? '';

test('knows every parameter with its default', () => {
  const parameters = Object.entries(parametersOf(renderTemplate({ handlerCode: 'x' })));
  expect([...templateParameters()]).toEqual(
    parameters.map(([name, { Default: value }]) => [
      name,
      value === undefined ? undefined : String(value),
    ]),
  );
  expect(templateParameters().get('AgentRuntimeArn')).toBeUndefined();
});

test('values become defaults only where they are wanted', () => {
  const parameters = { AgentRuntimeArn: 'arn:x', CorsOrigins: "it's", WafRateLimit: '77' };
  const as = (asDefaults: boolean): Parameters =>
    parametersOf(renderTemplate({ handlerCode: 'x', parameters, asDefaults }));
  expect(as(true)).toMatchObject({
    AgentRuntimeArn: { Default: 'arn:x' },
    CorsOrigins: { Default: "it's" },
    WafRateLimit: { Default: '77' },
    Waf: { Default: 'off' },
  });
  expect(as(false)).toEqual(parametersOf(renderTemplate({ handlerCode: 'x' })));
});

test.each([
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
  expect(deploymentId({ [name]: templateParameters().get(name) ?? '' })).toBe(deploymentId({}));
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

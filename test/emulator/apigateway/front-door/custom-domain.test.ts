import { afterEach, expect, test } from 'vitest';
import { httpCall } from '../http-call.ts';
import { type DeployedTemplate, deployTemplate, REGION, type TemplateResource } from '../template-fixture.ts';

const CERTIFICATE = `arn:aws:acm:${REGION}:000000000000:certificate/1234`;
const domain = (endpointType: 'REGIONAL' | 'EDGE' = 'REGIONAL'): TemplateResource => ({
  Type: 'AWS::ApiGateway::DomainName',
  Properties: {
    DomainName: 'api.example.com',
    EndpointConfiguration: { Types: [endpointType] },
    ...(endpointType === 'EDGE' ? { CertificateArn: CERTIFICATE } : { RegionalCertificateArn: CERTIFICATE }),
  },
});
const mapping = (BasePath?: string): TemplateResource => ({
  Type: 'AWS::ApiGateway::BasePathMapping',
  Properties: {
    DomainName: { Ref: 'Domain' },
    RestApiId: { Ref: 'Api' },
    Stage: { Ref: 'Stage' },
    ...(BasePath !== undefined && { BasePath }),
  },
});
/** Every path below the root leads to the same method, which answers with the path that it saw. */
const PATHS = {
  Below: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: { RestApiId: { Ref: 'Api' }, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: 'invoke' },
  },
  BelowMethod: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: 'Below' },
      HttpMethod: 'GET',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{"statusCode": 200}' },
        IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': '$context.path' } }],
      },
    },
  },
  Method: { DependsOn: 'BelowMethod' },
};

let deployed: DeployedTemplate;
afterEach(() => deployed.close());

const byHost = async (path: string, host = 'api.example.com') => {
  const { status, text } = await httpCall(`${deployed.emulator.url}${path}`, { headers: { host } });
  return [status, await text()];
};
const byPath = async (path: string) => {
  const { status, text } = await httpCall(`${deployed.emulator.url}/_aws/domain/api.example.com${path}`);
  return [status, await text()];
};
const FORBIDDEN = [403, '{"message":"Forbidden"}'];

test('a domain leads to a stage, by its host name and by path, and the URL of the stage goes on to work', async () => {
  deployed = await deployTemplate({ ...PATHS, Domain: domain(), Mapping: mapping() });
  expect(await byHost('/invoke?x=1')).toEqual([200, '/invoke']);
  expect(await byHost('/invoke', 'API.example.com:443')).toEqual([200, '/invoke']);
  expect(await byPath('/invoke')).toEqual([200, '/invoke']);
  const { status } = await httpCall(`${deployed.url}/invoke`);
  expect(status).toBe(200);
  const other = { headers: { host: 'other.example.com' } };
  expect((await httpCall(`${deployed.emulator.url}/invoke`, other)).status).toBe(421);
});

test('a base path is part of the path that is seen, and ends where it ends', async () => {
  deployed = await deployTemplate({ ...PATHS, Domain: domain(), Mapping: mapping('invoke') });
  expect(await byHost('/invoke/invoke')).toEqual([200, '/invoke/invoke']);
  expect(await byPath('/invoke')).toEqual([200, '/invoke/']);
  // It only begins like the base path.
  expect(await byPath('/invoked')).toEqual(FORBIDDEN);
});

test('a path that no mapping is for is forbidden', async () => {
  deployed = await deployTemplate({ ...PATHS, Domain: domain(), Mapping: mapping('chat') });
  expect(await byPath('/chat/invoke')).toEqual([200, '/chat/invoke']);
  expect([await byPath('/invoke'), await byHost('/chatter/invoke')]).toEqual([FORBIDDEN, FORBIDDEN]);
});

test('without the execute-api endpoint the domain is the only way', async () => {
  deployed = await deployTemplate({
    ...PATHS,
    Api: { Properties: { DisableExecuteApiEndpoint: true } },
    Domain: domain(),
    Mapping: mapping(),
  });
  expect(await byPath('/invoke')).toEqual([200, '/invoke']);
  const { status, text } = await httpCall(`${deployed.url}/invoke`);
  expect([status, await text()]).toEqual(FORBIDDEN);
});

test.each([
  ['REGIONAL', 'Regional', /^d-\w+\.execute-api\.us-east-1\.amazonaws\.com$/],
  ['EDGE', 'Distribution', /^d-\w+\.cloudfront\.net$/],
] as const)('%s: DNS points at the target that the domain has', async (type, prefix, target) => {
  const get = (name: string) => ({ 'Fn::GetAtt': ['Domain', `${prefix}${name}`] });
  deployed = await deployTemplate(
    { Domain: domain(type), Mapping: mapping() },
    {},
    { Target: get('DomainName'), Zone: get('HostedZoneId') },
  );
  expect(deployed.outputs['Target']).toMatch(target);
  expect(deployed.outputs['Zone']).toMatch(/^Z\w+$/);
});

test('a deleted stack leaves no domain behind', async () => {
  deployed = await deployTemplate({ Domain: domain(), Mapping: mapping() });
  await deployed.destroy();
  expect((await byPath('/'))[0]).toBe(403);
  expect((await httpCall(deployed.emulator.url, { headers: { host: 'api.example.com' } })).status).toBe(421);
});

test.each([
  ['a certificate of another Region', { RegionalCertificateArn: CERTIFICATE.replace(REGION, 'eu-west-1') }],
  ['no certificate', { RegionalCertificateArn: 'arn:aws:iam::1:role/x' }],
])('%s is refused', async (_, Properties) => {
  const own = domain().Properties;
  const failing = deployTemplate({ Domain: { ...domain(), Properties: { ...own, ...Properties } } });
  await expect(failing).rejects.toThrow('Domain');
  deployed = await deployTemplate();
});

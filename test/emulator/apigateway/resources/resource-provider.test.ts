import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { BUFFERED_URI, type Gateway, startGateway, STREAM, STREAM_URI } from '../gateway-fixture.ts';

const POOL = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Pool1';
const HEADER = 'method.request.header.Authorization';
const REQUEST = { Type: 'REQUEST', AuthorizerUri: BUFFERED_URI, IdentitySource: HEADER };
const POLICY = { Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } };

let gateway: Gateway;

beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

describe('AWS::ApiGateway resources', () => {
  test('an API is edge-optimized unless told otherwise, and takes all with it', async () => {
    const api = await gateway.create('RestApi', { Name: 'api' });
    expect(api.attributes).toEqual({ RestApiId: api.physicalId, RootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/) });
    expect(gateway.gateway.hasApi(api.physicalId)).toBe(true);
    const { provider, context } = gateway;
    await provider('RestApi').delete(api.physicalId, { Name: 'api' }, context);
    expect(gateway.gateway.hasApi(api.physicalId)).toBe(false);
    await provider('RestApi').delete(api.physicalId, { Name: 'api' }, context);
    await provider('Stage').delete('v1', { RestApiId: api.physicalId }, context);
  });

  test('a deployment needs a method with an integration', async () => {
    const { physicalId: RestApiId, attributes } = await gateway.create('RestApi', { Name: 'api' });
    await expect(gateway.create('Deployment', { RestApiId })).rejects.toThrow("The REST API doesn't contain any methods");
    const ResourceId = attributes['RootResourceId'] as string;
    const method = { RestApiId, ResourceId, HttpMethod: 'GET', AuthorizationType: 'NONE' };
    await gateway.create('Method', method);
    await expect(gateway.create('Deployment', { RestApiId })).rejects.toThrow('No integration defined for method');
  });

  test('a deployment with a stage cannot be deleted', async () => {
    const { apiId, deploymentId } = await gateway.deploy();
    const { provider, context } = gateway;
    const remove = () => provider('Deployment').delete(deploymentId, { RestApiId: apiId }, context);
    await expect(remove()).rejects.toThrow('Active stages pointing to this deployment must be moved or deleted');
    await provider('Stage').delete('v1', { RestApiId: apiId, StageName: 'v1' }, context);
    await remove();
  });

  test('logs need a role for the account', async () => {
    const { apiId, deploymentId } = await gateway.deploy();
    const stage = {
      RestApiId: apiId,
      DeploymentId: deploymentId,
      AccessLogSetting: { DestinationArn: 'arn:aws:logs:x', Format: '$context.requestId' },
    };
    await expect(gateway.create('Stage', { ...stage, StageName: 'logged' })).rejects.toThrow(
      'CloudWatch Logs role ARN must be set in account settings to enable logging',
    );
    await gateway.create('Account', { CloudWatchRoleArn: 'arn:aws:iam::1:role/logs' });
    await gateway.create('Stage', { ...stage, StageName: 'logged' });
  });

  test('a usage plan needs its stages, a key its length', async () => {
    await expect(gateway.create('UsagePlan', { ApiStages: [{ ApiId: 'a', Stage: 'b' }] })).rejects.toThrow(
      'API Stage not found: a:b',
    );
    await expect(gateway.create('ApiKey', { Value: 'short' })).rejects.toThrow('20 characters');
  });

  test.each([
    [{ Type: 'HTTP_PROXY' }, 'HTTP_PROXY'],
    [{ Credentials: 'arn:aws:iam::1:role/r' }, 'Credentials'],
    [{ Uri: 'https://example.com' }, 'Invalid ARN specified in the request'],
    [{ TimeoutInMillis: 49 }, 'between 50 ms and 900000 ms'],
    [{ TimeoutInMillis: 900_001 }, 'between 50 ms and 900000 ms'],
    [{ ResponseTransferMode: 'BUFFERED', Uri: BUFFERED_URI, TimeoutInMillis: 29_001 }, 'between 50 ms and 29000 ms'],
    [{ ResponseTransferMode: 'CHUNKED' }, 'Invalid ResponseTransferMode specified: CHUNKED'],
    [{ Type: 'MOCK' }, 'STREAM is not supported for integration type MOCK'],
    [{ RequestTemplates: { 'application/json': '#if(' } }, 'Invalid mapping template specified'],
    [{ IntegrationResponses: [{ StatusCode: '200' }] }, 'Invalid Response status code specified'],
  ])('the integration %o is refused by name', async (integration, message) => {
    const deploying = gateway.deploy({ integration: { ...STREAM, ...integration } });
    await expect(deploying).rejects.toThrow(message);
  });

  test.each([
    [{ AuthorizationType: 'CUSTOM' }, 'Invalid Authorizer identifier specified'],
    [{ AuthorizationType: 'OAUTH' }, 'OAUTH'],
    [{ HttpMethod: 'FETCH' }, 'FETCH'],
  ])('the method %o is refused by name', async (method, message) => {
    await expect(gateway.deploy({ method })).rejects.toThrow(message);
  });

  test('a gateway response takes static headers only', async () => {
    const { apiId: RestApiId } = await gateway.deploy();
    const put = (ResponseType: string, value: string) =>
      gateway.create('GatewayResponse', { RestApiId, ResponseType, ResponseParameters: { 'gatewayresponse.header.X': value } });
    await expect(put('DEFAULT_4XX', 'context.requestId')).rejects.toThrow('context.requestId');
    await expect(put('NOT_A_TYPE', "'x'")).rejects.toThrow('NOT_A_TYPE');
  });
});

describe('AWS::ApiGateway::Authorizer', () => {
  test.each([
    [{ Type: 'COGNITO' }, 'COGNITO'],
    [{ Type: 'COGNITO_USER_POOLS' }, 'user pool ARN'],
    [{ Type: 'COGNITO_USER_POOLS', ProviderARNs: ['arn:aws:iam::1:role/x'] }, 'user pool ARN'],
    [{ AuthorizerUri: STREAM_URI }, 'Authorizer URI'],
    [{ AuthorizerUri: 'https://example.com' }, 'Authorizer URI'],
    [{ IdentitySource: 'Authorization' }, 'identity source'],
    [{ IdentitySource: '' }, 'identity source'],
    [{ Type: 'TOKEN', IdentitySource: 'method.request.querystring.a' }, 'identity source'],
    [{ AuthorizerResultTtlInSeconds: 3_601 }, 'between 0 and 3600'],
    [{ AuthorizerResultTtlInSeconds: -1 }, 'between 0 and 3600'],
  ])('%o is refused', async (properties: Properties, message) => {
    await expect(gateway.deploy({ authorizer: { ...REQUEST, ...properties } })).rejects.toThrow(message);
  });

  test('without a cache it needs no identity source', async () => {
    const { IdentitySource: _, ...rest } = REQUEST;
    await gateway.deploy({ authorizer: { ...rest, AuthorizerResultTtlInSeconds: 0 } });
    await expect(gateway.deploy({ authorizer: rest })).rejects.toThrow('identity source');
  });

  test('stays as long as a method refers to it', async () => {
    const { apiId, resourceId, authorizerId = '' } = await gateway.deploy({ authorizer: REQUEST });
    const { provider, context } = gateway;
    const remove = () => provider('Authorizer').delete(authorizerId, { RestApiId: apiId }, context);
    await expect(remove()).rejects.toThrow("Cannot delete authorizer 'a', is referenced in method: POST//invoke");
    const method = { RestApiId: apiId, ResourceId: resourceId, HttpMethod: 'POST' };
    const open = { ...method, AuthorizationType: 'NONE', Integration: STREAM };
    await provider('Method').update('', open, method, context);
    await remove();
    await remove();
  });

  test('goes with methods of its kind, has a name of its own, and is one of ten', async () => {
    const cognito = { Type: 'COGNITO_USER_POOLS', IdentitySource: HEADER, ProviderARNs: [POOL] };
    await expect(gateway.deploy({ authorizer: cognito, method: { AuthorizationType: 'CUSTOM' } })).rejects.toThrow(
      'requires a valid authorizer',
    );
    const { apiId: RestApiId } = await gateway.deploy({ authorizer: cognito });
    const add = (Name: string) => gateway.create('Authorizer', { ...REQUEST, RestApiId, Name });
    await expect(add('a')).rejects.toThrow('Authorizer name must be unique');
    for (let count = 2; count <= 10; count += 1) await add(`a${count}`);
    await expect(add('a11')).rejects.toThrow('Maximum number of Authorizers');
  });
});

describe('AWS::ApiGateway::RestApi', () => {
  const put = (type: string, more: Properties = {}): Properties => ({
    Name: 'api',
    Policy: POLICY,
    EndpointConfiguration: { Types: [type], ...more },
  });

  test('every change of the endpoint type is made in place, but for private to edge-optimized', async () => {
    const { physicalId } = await gateway.create('RestApi', put('EDGE'));
    const change = (type: string) => gateway.provider('RestApi').update(physicalId, put(type), {}, gateway.context);
    for (const type of ['REGIONAL', 'EDGE', 'PRIVATE', 'REGIONAL', 'PRIVATE']) await change(type);
    await expect(change('EDGE')).rejects.toThrow('cannot change a private API into an edge-optimized');
  });

  test('only a private API has VPC endpoints', async () => {
    const VpcEndpointIds = ['vpce-1'];
    await gateway.create('RestApi', put('PRIVATE', { VpcEndpointIds }));
    await expect(gateway.create('RestApi', put('REGIONAL', { VpcEndpointIds }))).rejects.toThrow(
      'VPCEndpoints can only be specified with PRIVATE apis',
    );
  });
});

describe('AWS::ApiGateway::BasePathMapping', () => {
  const RegionalCertificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1';
  const domain = { DomainName: 'api.example.com', RegionalCertificateArn, EndpointConfiguration: { Types: ['REGIONAL'] } };

  test('needs its domain and its stage, is alone on its path, and keeps the API', async () => {
    const { apiId } = await gateway.deploy();
    const map = (more: Properties = {}) =>
      gateway.create('BasePathMapping', { DomainName: 'api.example.com', RestApiId: apiId, Stage: 'v1', ...more });
    await expect(map()).rejects.toThrow('Invalid domain name identifier');
    await gateway.create('DomainName', domain);
    await expect(gateway.create('DomainName', domain)).rejects.toThrow('already exists');
    await expect(map({ Stage: 'v2' })).rejects.toThrow('Invalid Stage identifier');
    await expect(map({ BasePath: 'x y' })).rejects.toThrow('Invalid base path');
    await expect(map({ BasePath: 'x/y' })).rejects.toThrow('slash character');
    expect((await map()).physicalId).toBe('api.example.com|(none)');
    await expect(map()).rejects.toThrow('Base path already exists');
    await expect(map({ BasePath: 'x' })).rejects.toThrow('Only one base path mapping');
    const remove = () => gateway.provider('RestApi').delete(apiId, {}, gateway.context);
    await expect(remove()).rejects.toThrow('remove all base path mappings');
    await gateway.provider('BasePathMapping').delete('api.example.com|(none)', {}, gateway.context);
    expect(gateway.gateway.resolveDomain('api.example.com', '/')).toBeUndefined();
    await remove();
  });

  test('leads to no private API', async () => {
    await gateway.create('DomainName', domain);
    const { apiId } = await gateway.deploy({ endpointType: 'PRIVATE', api: { Policy: POLICY } });
    await expect(
      gateway.create('BasePathMapping', { DomainName: 'api.example.com', RestApiId: apiId, Stage: 'v1' }),
    ).rejects.toThrow('Private APIs');
  });
});

test.each([
  ['EDGE', 'create', {}, true],
  ['EDGE', 'update', { CertificateArn: 'another' }, true],
  ['EDGE', 'update', { EndpointConfiguration: { Types: ['REGIONAL'] } }, true],
  ['EDGE', 'update', { SecurityPolicy: 'another' }, false],
  ['EDGE', 'delete', {}, false],
  ['REGIONAL', 'create', {}, false],
  ['REGIONAL', 'update', { EndpointConfiguration: { Types: ['EDGE'] } }, false],
] as const)('%s domain, %s after %j: CloudFront is asked: %s', (type, kind, before, isAsked) => {
  const properties = { DomainName: 'api.example.com', CertificateArn: 'one', EndpointConfiguration: { Types: [type] } };
  const previous = JSON.parse(JSON.stringify({ ...properties, ...before })) as Properties;
  const { context, provider } = gateway;
  const named = { ...context, nameSuffix: 'SUFFIX' };
  const step = { physicalId: 'thing', properties, previous, context: named, hasStackTags: false, readsUnset: true };
  const actions = provider('DomainName').actions[kind](step);
  const asked = actions.filter(({ action }) => action === 'cloudfront:UpdateDistribution');
  expect(asked?.map(({ resource }) => resource)).toEqual(isAsked ? ['*'] : []);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Properties } from '../../../src/emulator/kernel/resource-provider.ts';
import { BUFFERED_URI, type Gateway, startGateway, STREAM, STREAM_URI } from './gateway-fixture.ts';

const POOL = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_Pool1';
const HEADER = 'method.request.header.Authorization';
const REQUEST = { Type: 'REQUEST', AuthorizerUri: BUFFERED_URI, IdentitySource: HEADER };
const POLICY = {
  Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
};

let gateway: Gateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

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
    await expect(gateway.deploy({ authorizer: { ...REQUEST, ...properties } })).rejects.toThrow(
      message,
    );
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
    await expect(remove()).rejects.toThrow(
      "Cannot delete authorizer 'a', is referenced in method: POST//invoke",
    );
    const method = { RestApiId: apiId, ResourceId: resourceId, HttpMethod: 'POST' };
    const open = { ...method, AuthorizationType: 'NONE', Integration: STREAM };
    await provider('Method').update('', open, method, context);
    await remove();
    await remove();
  });

  test('goes with methods of its kind, has a name of its own, and is one of ten', async () => {
    const cognito = { Type: 'COGNITO_USER_POOLS', IdentitySource: HEADER, ProviderARNs: [POOL] };
    await expect(
      gateway.deploy({ authorizer: cognito, method: { AuthorizationType: 'CUSTOM' } }),
    ).rejects.toThrow('requires a valid authorizer');
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
    const change = (type: string) =>
      gateway.provider('RestApi').update(physicalId, put(type), {}, gateway.context);
    for (const type of ['REGIONAL', 'EDGE', 'PRIVATE', 'REGIONAL', 'PRIVATE']) await change(type);
    await expect(change('EDGE')).rejects.toThrow(
      'cannot change a private API into an edge-optimized',
    );
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
  const domain = {
    DomainName: 'api.example.com',
    RegionalCertificateArn,
    EndpointConfiguration: { Types: ['REGIONAL'] },
  };

  test('needs its domain and its stage, is alone on its path, and keeps the API', async () => {
    const { apiId } = await gateway.deploy();
    const map = (more: Properties = {}) =>
      gateway.create('BasePathMapping', {
        DomainName: 'api.example.com',
        RestApiId: apiId,
        Stage: 'v1',
        ...more,
      });
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
      gateway.create('BasePathMapping', {
        DomainName: 'api.example.com',
        RestApiId: apiId,
        Stage: 'v1',
      }),
    ).rejects.toThrow('Private APIs');
  });
});

import {
  APIGatewayClient,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetBasePathMappingCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
  GetDomainNamesCommand,
  GetMethodCommand,
  GetRestApiCommand,
  GetStageCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUFFERED_URI, type Gateway, startGateway } from '../gateway-fixture.ts';

let gateway: Gateway;
let client: APIGatewayClient;

beforeEach(async () => {
  gateway = await startGateway(undefined, {}, undefined, {
    waf: {
      webAclOf: (arn) => `acl of ${arn}`,
      inspect: () => undefined,
    },
  });
  client = new APIGatewayClient({
    endpoint: gateway.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await gateway.close();
});

test('an authorizer, and the method that it stands before', async () => {
  const deployed = await gateway.deploy({
    authorizer: {
      Type: 'REQUEST',
      AuthorizerUri: BUFFERED_URI,
      IdentitySource: 'method.request.header.Authorization',
    },
    method: { AuthorizationScopes: ['a'] },
  });
  const { apiId: restApiId, resourceId, authorizerId } = deployed;
  const authorizer = {
    id: authorizerId,
    name: 'a',
    type: 'REQUEST',
    authType: 'custom',
    authorizerUri: BUFFERED_URI,
    authorizerResultTtlInSeconds: 300,
    identitySource: 'method.request.header.Authorization',
  };
  expect((await client.send(new GetAuthorizersCommand({ restApiId }))).items).toEqual([authorizer]);
  expect(await client.send(new GetAuthorizerCommand({ restApiId, authorizerId }))).toMatchObject(
    authorizer,
  );
  const none = new GetAuthorizerCommand({ restApiId, authorizerId: 'none' });
  await expect(client.send(none)).rejects.toThrow('Invalid Authorizer identifier specified');
  expect(
    await client.send(new GetMethodCommand({ restApiId, resourceId, httpMethod: 'POST' })),
  ).toMatchObject({ authorizationType: 'CUSTOM', authorizerId, authorizationScopes: ['a'] });
});

test('a domain name and its mappings', async () => {
  const { apiId: restApiId } = await gateway.deploy();
  const domainName = 'api.example.com';
  const { attributes } = await gateway.create('DomainName', {
    DomainName: domainName,
    RegionalCertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    SecurityPolicy: 'TLS_1_2',
  });
  const map = { DomainName: domainName, RestApiId: restApiId, Stage: 'v1' };
  await gateway.create('BasePathMapping', { ...map, BasePath: 'chat' });
  await gateway.create('BasePathMapping', { ...map, BasePath: 'files' });
  const domain = {
    domainName,
    domainNameStatus: 'AVAILABLE',
    endpointConfiguration: { types: ['REGIONAL'] },
    securityPolicy: 'TLS_1_2',
    regionalDomainName: attributes['RegionalDomainName'],
  };
  expect(await client.send(new GetDomainNameCommand({ domainName }))).toMatchObject(domain);
  expect((await client.send(new GetDomainNamesCommand({}))).items).toMatchObject([domain]);
  expect((await client.send(new GetBasePathMappingsCommand({ domainName }))).items).toEqual([
    { basePath: 'chat', restApiId, stage: 'v1' },
    { basePath: 'files', restApiId, stage: 'v1' },
  ]);
  const one = new GetBasePathMappingCommand({ domainName, basePath: 'files' });
  expect(await client.send(one)).toMatchObject({ restApiId });
  await expect(
    client.send(new GetDomainNameCommand({ domainName: 'other.example' })),
  ).rejects.toThrow('Invalid domain name identifier specified');
});

test('a policy, VPC endpoints, and the web ACL of a stage', async () => {
  const Policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
  const { apiId: restApiId } = await gateway.deploy({
    api: {
      Policy,
      DisableExecuteApiEndpoint: true,
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] },
    },
  });
  const api = await client.send(new GetRestApiCommand({ restApiId }));
  expect(api.disableExecuteApiEndpoint).toBe(true);
  expect(api.endpointConfiguration).toMatchObject({
    types: ['PRIVATE'],
    vpcEndpointIds: ['vpce-1'],
  });
  expect(api.policy).toContain(String.raw`\"Effect\":\"Allow\"`);
  expect(JSON.parse(JSON.parse(`"${api.policy}"`) as string)).toEqual(Policy);
  expect(await client.send(new GetStageCommand({ restApiId, stageName: 'v1' }))).toMatchObject({
    webAclArn: `acl of arn:aws:apigateway:eu-central-1::/restapis/${restApiId}/stages/v1`,
  });
});

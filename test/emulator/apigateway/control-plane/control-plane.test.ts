import {
  APIGatewayClient,
  CreateRestApiCommand,
  GetAccountCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetBasePathMappingCommand,
  GetBasePathMappingsCommand,
  GetDeploymentsCommand,
  GetDomainNameCommand,
  GetDomainNamesCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetMethodCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUFFERED_URI, type Gateway, startGateway, STREAM_URI } from '../gateway-fixture.ts';

let gateway: Gateway;
let client: APIGatewayClient;

beforeEach(async () => {
  gateway = await startGateway(undefined, {}, undefined, {
    waf: { webAclOf: (arn) => `acl of ${arn}`, inspect: () => undefined },
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

describe('API Gateway control plane', () => {
  test('UpdateAccount gives the account its role for logs, and takes it away', async () => {
    const update = (op: 'replace' | 'remove', path = '/cloudwatchRoleArn') =>
      client.send(new UpdateAccountCommand({ patchOperations: [{ op, path, value: 'arn:aws:iam::1:role/logs' }] }));
    expect(await update('replace')).toMatchObject({ cloudwatchRoleArn: 'arn:aws:iam::1:role/logs' });
    expect((await client.send(new GetAccountCommand({}))).cloudwatchRoleArn).toMatch(/logs$/);
    expect((await update('remove')).cloudwatchRoleArn).toBeUndefined();
    await expect(update('replace', '/throttleSettings')).rejects.toThrow('Invalid patch path');
  });

  test('reads an API and all below it', async () => {
    const { apiId: restApiId, resourceId, rootId, deploymentId } = await gateway.deploy();
    const apis = await client.send(new GetRestApisCommand({}));
    expect(apis.items).toMatchObject([{ id: restApiId, name: 'api', rootResourceId: rootId }]);
    expect(apis.items?.[0]?.createdDate).toBeInstanceOf(Date);
    const api = await client.send(new GetRestApiCommand({ restApiId }));
    expect(api.endpointConfiguration?.types).toEqual(['REGIONAL']);

    const stages = await client.send(new GetStagesCommand({ restApiId }));
    expect(stages.item).toMatchObject([{ stageName: 'v1', deploymentId }]);
    const none = await client.send(new GetStagesCommand({ restApiId, deploymentId: 'other' }));
    expect(none.item).toEqual([]);
    const stage = await client.send(new GetStageCommand({ restApiId, stageName: 'v1' }));
    expect(stage.lastUpdatedDate).toBeInstanceOf(Date);

    const named = await client.send(new GetResourcesCommand({ restApiId }));
    expect(named.items).toMatchObject([
      { id: rootId, path: '/' },
      { id: resourceId, path: '/invoke', pathPart: 'invoke', resourceMethods: { POST: {} } },
    ]);
    const embedded = await client.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }));
    expect(embedded.items?.[1]?.resourceMethods?.['POST']?.methodIntegration).toMatchObject({ uri: STREAM_URI });

    const target = { restApiId, resourceId, httpMethod: 'POST' };
    const method = await client.send(new GetMethodCommand(target));
    expect(method).toMatchObject({ authorizationType: 'NONE', apiKeyRequired: false });
    const integration = await client.send(new GetIntegrationCommand(target));
    expect(integration).toMatchObject({
      type: 'AWS_PROXY',
      httpMethod: 'POST',
      timeoutInMillis: 900_000,
      responseTransferMode: 'STREAM',
    });
    const deployments = await client.send(new GetDeploymentsCommand({ restApiId }));
    expect(deployments.items).toMatchObject([{ id: deploymentId }]);
    const responses = await client.send(new GetGatewayResponsesCommand({ restApiId }));
    expect(new Set(responses.items?.map((response) => response.defaultResponse))).toEqual(new Set([true]));
    expect(await client.send(new GetAccountCommand({}))).toMatchObject({ throttleSettings: { burstLimit: 5_000 } });
  });

  test('reads keys and usage plans, with the value only when asked', async () => {
    const { apiId } = await gateway.deploy();
    const key = await gateway.create('ApiKey', { Name: 'mine', Enabled: true });
    const plan = await gateway.create('UsagePlan', {
      UsagePlanName: 'plan',
      ApiStages: [{ ApiId: apiId, Stage: 'v1' }],
      Throttle: { BurstLimit: '5', RateLimit: 2.5 },
      Quota: { Limit: 100, Period: 'DAY' },
    });
    await gateway.create('UsagePlanKey', { KeyId: key.physicalId, KeyType: 'API_KEY', UsagePlanId: plan.physicalId });
    const apiKey = key.physicalId;
    const secret = await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
    expect(secret).toMatchObject({ name: 'mine', enabled: true });
    expect(secret.value).toMatch(/^[a-z0-9]{40}$/);
    expect((await client.send(new GetApiKeyCommand({ apiKey }))).value).toBeUndefined();
    const named = await client.send(new GetApiKeysCommand({ nameQuery: 'mi', includeValues: true }));
    expect(named.items).toMatchObject([{ value: secret.value }]);
    expect((await client.send(new GetApiKeysCommand({ nameQuery: 'no' }))).items).toEqual([]);

    const usagePlanId = plan.physicalId;
    const expected = {
      id: usagePlanId,
      name: 'plan',
      apiStages: [{ apiId, stage: 'v1' }],
      throttle: { burstLimit: 5, rateLimit: 2.5 },
      quota: { limit: 100, offset: 0, period: 'DAY' },
    };
    expect(await client.send(new GetUsagePlanCommand({ usagePlanId }))).toMatchObject(expected);
    const plans = await client.send(new GetUsagePlansCommand({ keyId: apiKey }));
    expect(plans.items).toMatchObject([expected]);
    const keys = await client.send(new GetUsagePlanKeysCommand({ usagePlanId }));
    expect(keys.items).toMatchObject([{ id: apiKey, type: 'API_KEY', value: secret.value }]);
  });

  test('pages lists by position', async () => {
    for (const Name of ['a', 'b', 'c']) await gateway.create('RestApi', { Name });
    const first = await client.send(new GetRestApisCommand({ limit: 2 }));
    expect(first.items?.map(({ name }) => name)).toEqual(['a', 'b']);
    const second = await client.send(new GetRestApisCommand({ limit: 2, position: first.position }));
    expect(second.items?.map(({ name }) => name)).toEqual(['c']);
    expect(second.position).toBeUndefined();
  });

  test('says what it does not find, and what it does not know', async () => {
    await expect(client.send(new GetRestApiCommand({ restApiId: 'gone' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API identifier specified gone',
      $metadata: { httpStatusCode: 404 },
    });
    const create = client.send(new CreateRestApiCommand({ name: 'x' }));
    await expect(create).rejects.toThrow('POST /restapis');
  });
});

test('an authorizer, and the method that it stands before', async () => {
  const deployed = await gateway.deploy({
    authorizer: { Type: 'REQUEST', AuthorizerUri: BUFFERED_URI, IdentitySource: 'method.request.header.Authorization' },
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
  expect(await client.send(new GetAuthorizerCommand({ restApiId, authorizerId }))).toMatchObject(authorizer);
  const none = new GetAuthorizerCommand({ restApiId, authorizerId: 'none' });
  await expect(client.send(none)).rejects.toThrow('Invalid Authorizer identifier specified');
  expect(await client.send(new GetMethodCommand({ restApiId, resourceId, httpMethod: 'POST' }))).toMatchObject({
    authorizationType: 'CUSTOM',
    authorizerId,
    authorizationScopes: ['a'],
  });
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
  await expect(client.send(new GetDomainNameCommand({ domainName: 'other.example' }))).rejects.toThrow(
    'Invalid domain name identifier specified',
  );
});

test('a policy, VPC endpoints, and the web ACL of a stage', async () => {
  const Policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
  const { apiId: restApiId } = await gateway.deploy({
    api: { Policy, DisableExecuteApiEndpoint: true, EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] } },
  });
  const api = await client.send(new GetRestApiCommand({ restApiId }));
  expect(api.disableExecuteApiEndpoint).toBe(true);
  expect(api.endpointConfiguration).toMatchObject({ types: ['PRIVATE'], vpcEndpointIds: ['vpce-1'] });
  expect(api.policy).toContain(String.raw`\"Effect\":\"Allow\"`);
  expect(JSON.parse(JSON.parse(`"${api.policy}"`) as string)).toEqual(Policy);
  expect(await client.send(new GetStageCommand({ restApiId, stageName: 'v1' }))).toMatchObject({
    webAclArn: `acl of arn:aws:apigateway:eu-central-1::/restapis/${restApiId}/stages/v1`,
  });
});

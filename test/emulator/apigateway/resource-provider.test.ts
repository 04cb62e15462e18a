import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUFFERED_URI, type Gateway, startGateway, STREAM } from './gateway-fixture.ts';

let gateway: Gateway;

beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

describe('AWS::ApiGateway resources', () => {
  test('an API is edge-optimized unless told otherwise, and takes all with it', async () => {
    const api = await gateway.create('RestApi', { Name: 'api' });
    expect(api.attributes).toEqual({
      RestApiId: api.physicalId,
      RootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/),
    });
    expect(gateway.gateway.hasApi(api.physicalId)).toBe(true);
    const { provider, context } = gateway;
    await provider('RestApi').delete(api.physicalId, { Name: 'api' }, context);
    expect(gateway.gateway.hasApi(api.physicalId)).toBe(false);
    await provider('RestApi').delete(api.physicalId, { Name: 'api' }, context);
    await provider('Stage').delete('v1', { RestApiId: api.physicalId }, context);
  });

  test('a deployment needs a method with an integration', async () => {
    const { physicalId: RestApiId, attributes } = await gateway.create('RestApi', { Name: 'api' });
    await expect(gateway.create('Deployment', { RestApiId })).rejects.toThrow(
      "The REST API doesn't contain any methods",
    );
    const ResourceId = attributes['RootResourceId'] as string;
    const method = { RestApiId, ResourceId, HttpMethod: 'GET', AuthorizationType: 'NONE' };
    await gateway.create('Method', method);
    await expect(gateway.create('Deployment', { RestApiId })).rejects.toThrow(
      'No integration defined for method',
    );
  });

  test('a deployment with a stage cannot be deleted', async () => {
    const { apiId, deploymentId } = await gateway.deploy();
    const { provider, context } = gateway;
    const remove = () => provider('Deployment').delete(deploymentId, { RestApiId: apiId }, context);
    await expect(remove()).rejects.toThrow(
      'Active stages pointing to this deployment must be moved or deleted',
    );
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
    await expect(
      gateway.create('UsagePlan', { ApiStages: [{ ApiId: 'a', Stage: 'b' }] }),
    ).rejects.toThrow('API Stage not found: a:b');
    await expect(gateway.create('ApiKey', { Value: 'short' })).rejects.toThrow('20 characters');
  });

  test.each([
    [{ Type: 'HTTP_PROXY' }, 'HTTP_PROXY'],
    [{ Credentials: 'arn:aws:iam::1:role/r' }, 'Credentials'],
    [{ Uri: 'https://example.com' }, 'Invalid ARN specified in the request'],
    [{ TimeoutInMillis: 49 }, 'between 50 ms and 900000 ms'],
    [{ TimeoutInMillis: 900_001 }, 'between 50 ms and 900000 ms'],
    [
      { ResponseTransferMode: 'BUFFERED', Uri: BUFFERED_URI, TimeoutInMillis: 29_001 },
      'between 50 ms and 29000 ms',
    ],
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
      gateway.create('GatewayResponse', {
        RestApiId,
        ResponseType,
        ResponseParameters: { 'gatewayresponse.header.X': value },
      });
    await expect(put('DEFAULT_4XX', 'context.requestId')).rejects.toThrow('context.requestId');
    await expect(put('NOT_A_TYPE', "'x'")).rejects.toThrow('NOT_A_TYPE');
  });
});

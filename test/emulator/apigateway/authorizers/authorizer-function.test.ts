import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionResources } from '../../../helpers/function-resources.ts';
import { httpCall } from '../http-call.ts';
import { type DeployedTemplate, deployTemplate } from '../template-fixture.ts';

/** What a caller wants to happen is in its token. */
const CODE = `exports.handler = async (event) => {
  const token = event.headers.authorization;
  if (token === 'unauthorized') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('database is down');
  const Effect = token === 'allow' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }];
  return { principalId: 'ada', policyDocument: { Version: '2012-10-17', Statement } };
};`;
const FUNCTION = {
  ...functionResources(CODE),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Function' },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:us-east-1:000000000000:${Api}/authorizers/${Authorizer}' },
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      RestApiId: { Ref: 'Api' },
      Name: 'function',
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.authorization',
      AuthorizerResultTtlInSeconds: 0,
      AuthorizerUri: { 'Fn::Sub': 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations' },
    },
  },
  Method: { Properties: { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } } },
};

let deployed: DeployedTemplate;
beforeAll(async () => {
  deployed = await deployTemplate(FUNCTION);
});
afterAll(() => deployed.close());

const get = async (authorization: string, url = deployed.url) => {
  const { status, headers, text } = await httpCall(`${url}/`, { headers: { authorization } });
  return [status, headers['x-amzn-errortype'], status === 200 ? '' : await text()];
};
const BROKEN = [500, 'AuthorizerConfigurationException', '{"message":null}'];

test.each([
  ['allow', [200, undefined, '']],
  ['deny', [403, 'AccessDeniedException', '{"Message":"User is not authorized to access this resource with an explicit deny"}']],
  ['unauthorized', [401, 'UnauthorizedException', '{"message":"Unauthorized"}']],
  ['broken', BROKEN],
])('a function that runs: %s', async (token, answer) => {
  expect(await get(token)).toEqual(answer);
});

test('a function whose permission is for another authorizer is not called', async () => {
  const { Permission, ...rest } = FUNCTION;
  const SourceArn = 'arn:aws:execute-api:us-east-1:000000000000:*/authorizers/other';
  const other = await deployTemplate({
    ...rest,
    Permission: { ...Permission, Properties: { ...Permission.Properties, SourceArn } },
  });
  expect(await get('allow', other.url)).toEqual(BROKEN);
  await other.close();
});

import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../../../../src/emulator/kernel/aws-error.ts';
import type { FunctionResponse } from '../../../../src/emulator/lambda/invoke-function.ts';
import type { Properties } from '../../../../src/emulator/kernel/resource-provider.ts';
import { BUFFERED_URI, chunks, FUNCTION_ARN, type Gateway, type Invocation, prelude, startGateway } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

const URI = BUFFERED_URI.replace(FUNCTION_ARN, `${FUNCTION_ARN}-authorizer`);
const HEADER = 'method.request.header.Authorization';
const UNAUTHORIZED = [401, 'UnauthorizedException', '{"message":"Unauthorized"}'];
const BROKEN = [500, 'AuthorizerConfigurationException', '{"message":null}'];
const OK = [200, undefined, ''];

let gateway: Gateway;
/** Invocations of the authorizer. */
let asked: Invocation[];
/** What it does; by default it lets everybody call everything. */
let answer: (event: Record<string, unknown>) => object | string | FunctionResponse['completion'];
afterEach(() => gateway.close());

const policy = (Effect: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
});
const letIn = (more: object = {}) => ({ principalId: 'ada', policyDocument: policy('Allow', '*'), ...more });

async function deploy(authorizer: Properties = {}, api: Properties = {}, limits = {}) {
  asked = [];
  answer = () => letIn();
  gateway = await startGateway((invocation) => {
    if (invocation.mode === 'streaming') {
      return chunks(prelude({}), JSON.stringify(invocation.event));
    }
    asked.push(invocation);
    const made = answer(invocation.event);
    if (made instanceof Promise) return Promise.resolve({ completion: made });
    return chunks(typeof made === 'string' ? made : JSON.stringify(made));
  }, limits);
  const deployed = await gateway.deploy({
    authorizer: { Type: 'REQUEST', AuthorizerUri: URI, IdentitySource: HEADER, ...authorizer },
    api,
  });
  const call = (headers: Record<string, string> = { authorization: 'letmein' }, query = '') =>
    httpCall(deployed.invokeUrl + query, { method: 'POST', headers, body: '{"secret":1}' });
  return {
    ...deployed,
    call,
    async post(headers?: Record<string, string>, query?: string) {
      const { status, headers: got, text } = await call(headers, query);
      return [status, got['x-amzn-errortype'], status === 200 ? '' : await text()];
    },
  };
}

test('REQUEST: the function sees the request without its body, and says who it is', async () => {
  const { call, apiId, authorizerId } = await deploy();
  answer = () => letIn({ context: { plan: 'gold', seats: 3, trial: false } });
  const got = JSON.parse(await (await call(undefined, '?a=1')).text()) as Record<string, unknown>;
  expect(got['requestContext']).toMatchObject({
    authorizer: { principalId: 'ada', plan: 'gold', seats: '3', trial: 'false', integrationLatency: expect.any(Number) },
  });
  const [invocation] = asked;
  expect(invocation?.source).toEqual({
    principal: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/authorizers/${authorizerId}`,
  });
  expect(invocation?.event).toMatchObject({
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/v1/POST/invoke`,
    resource: '/invoke',
    path: '/invoke',
    httpMethod: 'POST',
    headers: { authorization: 'letmein' },
    queryStringParameters: { a: '1' },
    pathParameters: {},
    stageVariables: {},
    requestContext: { stage: 'v1', apiId, identity: { sourceIp: '127.0.0.1' } },
  });
  expect(invocation?.event).not.toHaveProperty('body');
});

test('TOKEN: the function sees the token, if it looks like one', async () => {
  const { post, apiId } = await deploy({ Type: 'TOKEN', IdentityValidationExpression: 'Bearer .+' });
  expect(await post({ authorization: 'Bearer abc' })).toEqual(OK);
  expect(asked.map(({ event }) => event)).toEqual([
    {
      type: 'TOKEN',
      methodArn: `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/v1/POST/invoke`,
      authorizationToken: 'Bearer abc',
    },
  ]);
  expect([await post({ authorization: 'abc' }), await post({})]).toEqual([UNAUTHORIZED, UNAUTHORIZED]);
  expect(asked).toHaveLength(1);
});

test('without one of its identity sources nobody is asked', async () => {
  const { post } = await deploy({ IdentitySource: `${HEADER}, method.request.querystring.who` });
  expect(await post()).toEqual(UNAUTHORIZED);
  expect(await post({}, '?who=ada')).toEqual(UNAUTHORIZED);
  expect(await post({ authorization: '' }, '?who=ada')).toEqual(UNAUTHORIZED);
  expect(asked).toHaveLength(0);
  expect(await post(undefined, '?who=ada')).toEqual(OK);
});

test('its policy decides, for the method that is called', async () => {
  const { post, apiId } = await deploy({ AuthorizerResultTtlInSeconds: 0 });
  const base = `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/v1`;
  const denied = (why = '') => [
    403,
    'AccessDeniedException',
    `{"Message":"User is not authorized to access this resource${why}"}`,
  ];
  const given = (policyDocument: object) => {
    answer = () => letIn({ policyDocument });
  };
  given(policy('Allow', `${base}/POST/invoke`));
  expect(await post()).toEqual(OK);
  given(policy('Allow', `${base}/GET/*`));
  expect(await post()).toEqual(denied());
  given(policy('Deny', '*'));
  expect(await post()).toEqual(denied(' with an explicit deny'));
});

test('an answer holds for its identity as long as the authorizer says', async () => {
  const { post } = await deploy({ AuthorizerResultTtlInSeconds: 3_600 });
  answer = ({ headers }) =>
    letIn({ policyDocument: policy((headers as Record<string, string>)['authorization'] === 'letmein' ? 'Allow' : 'Deny', '*') });
  expect([await post(), await post()]).toEqual([OK, OK]);
  expect(asked).toHaveLength(1);
  expect((await post({ authorization: 'other' }))[0]).toBe(403);
  expect((await post({ authorization: 'other' }))[0]).toBe(403);
  expect(asked).toHaveLength(2);
});

test('an answer is forgotten when its time is up, and one with a life of 0 is not kept', async () => {
  const short = await deploy({ AuthorizerResultTtlInSeconds: 1 }, {}, { timeScale: 1_000 });
  await short.post();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await short.post();
  expect(asked).toHaveLength(2);
  await gateway.close();
  const none = await deploy({ AuthorizerResultTtlInSeconds: 0 });
  await none.post();
  await none.post();
  expect(asked).toHaveLength(2);
});

test('a function that fails with Unauthorized makes a 401, and with anything else a 500; neither is kept', async () => {
  const { post } = await deploy();
  const fail = (errorMessage: string) => () =>
    Promise.resolve({ type: 'error', errorType: 'Error', errorMessage, when: 'before-response', details: '{}' } as const);
  answer = fail('Unauthorized');
  expect(await post()).toEqual(UNAUTHORIZED);
  answer = fail('Unauthorized: expired');
  expect(await post()).toEqual(BROKEN);
  answer = () => letIn();
  expect(await post()).toEqual(OK);
});

test.each([
  ['nothing', 'null'],
  ['no JSON', 'hello'],
  ['no policy', { principalId: 'ada' }],
  ['a policy without a statement', { principalId: 'ada', policyDocument: { Version: '2012-10-17' } }],
  ['no principal', { policyDocument: policy('Allow', '*') }],
  ['a context with a list', { ...letIn(), context: { groups: ['a'] } }],
])('an answer of %s is a configuration error', async (_, made) => {
  const { post } = await deploy();
  answer = () => made;
  expect(await post()).toEqual(BROKEN);
});

test('a function that does not let API Gateway in is a configuration error', async () => {
  const { post } = await deploy();
  answer = () => {
    throw new AwsError('AccessDeniedException', 403, 'no resource-based policy');
  };
  expect(await post()).toEqual(BROKEN);
});

test('with credentials the function is called as their role, when that may', async () => {
  const AuthorizerCredentials = 'arn:aws:iam::123456789012:role/caller';
  const { post } = await deploy({ AuthorizerCredentials });
  expect(await post()).toEqual(BROKEN);
  const put = (Resource: string) =>
    gateway.iam.putRole({
      name: 'caller',
      arn: AuthorizerCredentials,
      trustPolicy: {
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } },
      },
      policies: new Map([['p', { Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource } }]]),
    });
  put('arn:aws:lambda:*:*:function:other');
  expect(await post()).toEqual(BROKEN);
  put('arn:aws:lambda:*:*:function:f-authorizer');
  expect(await post()).toEqual(OK);
  expect(asked[0]?.source).toBeUndefined();
});

test('an explicit deny of the resource policy comes before the call, an allow is as good as the function’s', async () => {
  const statement = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  const Policy = {
    Statement: [
      { Effect: 'Allow', ...statement },
      { Effect: 'Deny', ...statement, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
    ],
  };
  const { post, apiId } = await deploy({}, { Policy });
  answer = () => letIn({ policyDocument: policy('Allow', 'arn:aws:execute-api:*:*:other/*') });
  expect(await post()).toEqual(OK);
  const outside = { authorization: 'letmein', 'x-emulator-source-ip': '192.0.2.9' };
  expect(await post(outside)).toEqual([
    403,
    'AccessDeniedException',
    `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********9012:${apiId}/v1/POST/invoke with an explicit deny"}`,
  ]);
  expect(asked).toHaveLength(1);
});

test('a customised gateway response hides why an authorizer does not work, and says message', async () => {
  const deployed = await deploy();
  const { apiId: RestApiId } = deployed;
  for (const ResponseType of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
    await gateway.create('GatewayResponse', { RestApiId, ResponseType });
  }
  const { physicalId } = await gateway.create('Deployment', { RestApiId });
  const stage = { RestApiId, StageName: 'v1', DeploymentId: physicalId };
  await gateway.provider('Stage').update('v1', stage, stage, gateway.context);
  answer = () => 'secret nonsense';
  expect(await deployed.post()).toEqual(BROKEN);
  answer = () => letIn({ policyDocument: policy('Deny', '*') });
  expect((await deployed.post())[2]).toMatch(/^{"message":"User is not authorized/);
});

import { afterEach, expect, test } from 'vitest';
import { httpCall } from '../http-call.ts';
import { type DeployedTemplate, deployTemplate } from '../template-fixture.ts';

const VISIBILITY = { CloudWatchMetricsEnabled: true, MetricName: 'm', SampledRequestsEnabled: false };
const STAGE = { 'Fn::Sub': 'arn:aws:apigateway:us-east-1::/restapis/${Api}/stages/${Stage}' };
const ACL = {
  Type: 'AWS::WAFv2::WebACL',
  Properties: {
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    VisibilityConfig: VISIBILITY,
    Rules: [
      {
        Name: 'rate',
        Priority: 0,
        Statement: { RateBasedStatement: { Limit: 10, AggregateKeyType: 'IP' } },
        Action: { Block: {} },
        VisibilityConfig: VISIBILITY,
      },
    ],
  },
};
const associate = (WebACLArn: object | string) => ({
  Type: 'AWS::WAFv2::WebACLAssociation',
  Properties: { ResourceArn: STAGE, WebACLArn },
});

let deployed: DeployedTemplate;
afterEach(() => deployed.close());

const get = async (address: string) => {
  const headers = { 'x-emulator-source-ip': address };
  const answer = await httpCall(`${deployed.url}/`, { headers });
  return [answer.status, answer.headers['x-amzn-errortype'], await answer.text()];
};

test('an address that calls too often is forbidden before anybody asks who it is', async () => {
  deployed = await deployTemplate({
    // Nobody may call, and those that the web ACL stops do not get as far as this.
    Method: { Properties: { AuthorizationType: 'AWS_IAM' } },
    Acl: ACL,
    Association: associate({ 'Fn::GetAtt': ['Acl', 'Arn'] }),
  });
  const answers = [];
  for (let count = 0; count < 11; count += 1) answers.push(await get('192.0.2.1'));
  expect(answers.slice(0, 10).map(([, code]) => code)).toEqual(Array(10).fill('MissingAuthenticationTokenException'));
  expect(answers[10]).toEqual([403, 'ForbiddenException', '{"message":"Forbidden"}']);
  expect((await get('192.0.2.2'))[1]).toBe('MissingAuthenticationTokenException');
  expect(deployed.emulator.inventory()).toMatchObject({ webAcls: [expect.stringMatching(/^stack-Acl-/)] });
  await deployed.destroy();
  expect(deployed.emulator.inventory()).toMatchObject({ webAcls: [] });
});

test('an ACL of somebody else’s is named by its ARN', async () => {
  const theirs = 'arn:aws:wafv2:us-east-1:000000000000:regional/webacl/theirs/1';
  deployed = await deployTemplate({ Association: associate(theirs) }, { webAcls: [theirs] });
  expect((await get('192.0.2.1'))[0]).toBe(200);
});

test('a customised gateway response answers for the web ACL', async () => {
  deployed = await deployTemplate({
    Acl: { ...ACL, Properties: { ...ACL.Properties, DefaultAction: { Block: {} } } },
    Association: associate({ 'Fn::GetAtt': ['Acl', 'Arn'] }),
    Filtered: {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: { RestApiId: { Ref: 'Api' }, ResponseType: 'WAF_FILTERED', StatusCode: '418' },
    },
    Method: { DependsOn: 'Filtered' },
  });
  expect((await get('192.0.2.1'))[0]).toBe(418);
});

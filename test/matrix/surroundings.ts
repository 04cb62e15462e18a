import { type CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { functionResources } from '../helpers/function-resources.ts';
import type { Surroundings } from './option-space.ts';

/** Lets one token in. */
const AUTHORIZER = `exports.handler = async ({ methodArn, headers }) => ({
  principalId: 'someone',
  context: { tenant: 'blue' },
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{
      Action: 'execute-api:Invoke',
      Effect: headers.Authorization === 'Bearer let-me-in' ? 'Allow' : 'Deny',
      Resource: methodArn.replace(/\\/.*/, '/*'),
    }],
  },
});`;

/** What options of the matrix name and a stack of ours does not make: an account has it already. */
const TEMPLATE = {
  Resources: {
    ...functionResources(AUTHORIZER, { prefix: 'Authorizer' }),
    WebAcl: {
      Type: 'AWS::WAFv2::WebACL',
      Properties: {
        Scope: 'REGIONAL',
        DefaultAction: { Allow: {} },
        VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'own' },
      },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
    LogAccount: {
      Type: 'AWS::ApiGateway::Account',
      Properties: { CloudWatchRoleArn: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/api-gateway-logs' } },
    },
  },
  Outputs: {
    authorizerArn: { Value: { 'Fn::GetAtt': ['AuthorizerFunction', 'Arn'] } },
    webAclArn: { Value: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } },
    topicArn: { Value: { Ref: 'Topic' } },
  },
};

/** Puts it up as a stack of another tool. */
export async function makeSurroundings(client: CloudFormationClient): Promise<Surroundings> {
  const StackName = 'surroundings';
  const TemplateBody = JSON.stringify(TEMPLATE);
  await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (stack?.StackStatus === 'CREATE_COMPLETE') {
      const outputs = (stack.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]);
      return Object.fromEntries(outputs) as Surroundings;
    }
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS') {
      throw new Error(`the surroundings are ${stack?.StackStatus}: ${stack?.StackStatusReason}`);
    }
    await sleep(25);
  }
}

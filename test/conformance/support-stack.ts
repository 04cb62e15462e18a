import { readFileSync } from 'node:fs';
import { functionResources } from '../helpers/function-resources.ts';

/** Outputs of the stack that a run puts up beside its own. */
export interface Support {
  readonly authorizerArn: string;
  readonly webAclArn: string;
  /** May do what `iam-policy` prints for the deployer's stack, and nothing else. */
  readonly deployerArn: string;
  /** May do what `iam-policy --for destroy` prints. */
  readonly destroyerArn: string;
  /** May do nothing. */
  readonly bareArn: string;
}

/** The token that the authorizer lets in. */
export const AUTHORIZER_TOKEN = 'let-me-in';

const AUTHORIZER = readFileSync('test/conformance/authorizer.cjs', 'utf8');

const TRUSTS_ACCOUNT = {
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
    Action: 'sts:AssumeRole',
  },
};

const role = (policy?: unknown) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: TRUSTS_ACCOUNT,
    ...(policy !== undefined && { Policies: [{ PolicyName: 'printed', PolicyDocument: policy }] }),
  },
});

/**
 * The template of what a stack of ours names and does not make: an authorizer, a web ACL, and roles to deploy and destroy with.
 * @param deploying, destroying policies as `iam-policy` prints them
 */
export function supportTemplate(deploying: unknown, destroying: unknown): string {
  return JSON.stringify({
    Description: 'agentstream test:account: an authorizer, a web ACL and roles, deleted at the end of the run',
    Resources: {
      ...functionResources(AUTHORIZER, { prefix: 'Authorizer' }),
      WebAcl: {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          Scope: 'REGIONAL',
          DefaultAction: { Allow: {} },
          VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'agentstream-test' },
        },
      },
      Deployer: role(deploying),
      Destroyer: role(destroying),
      Bare: role(),
    },
    Outputs: {
      authorizerArn: { Value: { 'Fn::GetAtt': ['AuthorizerFunction', 'Arn'] } },
      webAclArn: { Value: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } },
      deployerArn: { Value: { 'Fn::GetAtt': ['Deployer', 'Arn'] } },
      destroyerArn: { Value: { 'Fn::GetAtt': ['Destroyer', 'Arn'] } },
      bareArn: { Value: { 'Fn::GetAtt': ['Bare', 'Arn'] } },
    },
  });
}

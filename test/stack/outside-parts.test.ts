import { expect, test } from 'vitest';
import { outsideParts } from '../../src/stack/run-destroy.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

test('all that a stack works with has its name, and no account', () => {
  const parameters = {
    AgentRuntimeArn: arn('bedrock-agentcore', 'runtime/agent-0123456789'),
    UserPoolArn: arn('cognito-idp', `userpool/${REGION}_Pool1`),
    AuthorizerArn: arn('lambda', 'function:who:live'),
    CertificateArn: arn('acm', 'certificate/01ab'),
    HostedZoneId: 'Z01',
    WafAclArn: arn('wafv2', 'regional/webacl/own/01ab'),
    AlarmTopicArn: arn('sns', 'alarms'),
    PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/team/bound`,
    VpcEndpointIds: 'vpce-1,vpce-2',
    MemorySize: '512',
  };
  const parts = outsideParts({ parameters, roleArn: `arn:aws:iam::${ACCOUNT}:role/deployer` });
  const expected = [
    'the agent agent-0123456789',
    `the user pool ${REGION}_Pool1`,
    'the authorizer function who:live',
    'the certificate 01ab',
    'the hosted zone Z01',
    'the web ACL own',
    'the alarm topic alarms',
    'the permissions boundary bound',
    'the VPC endpoints vpce-1 and vpce-2',
    'the service role deployer',
  ];
  expect(parts.toSorted()).toEqual(expected.toSorted());
});

test('what is not set is not named', () => {
  expect(outsideParts({ parameters: { UserPoolArn: '' }, roleArn: undefined })).toEqual([]);
});

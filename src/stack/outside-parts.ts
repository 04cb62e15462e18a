import type { Stack } from '../aws/describe-stack.ts';

/** Template parameters that name something the stack works with: what it is, and how to find its name in an ARN or a list. */
const PARTS: readonly (readonly [
  parameter: string,
  what: string,
  nameOf: (text: string) => string,
])[] = [
  ['AgentRuntimeArn', 'the agent', lastPart],
  ['UserPoolArn', 'the user pool', lastPart],
  ['AuthorizerArn', 'the authorizer function', (arn) => arn.slice(arn.indexOf(':function:') + 10)],
  ['CertificateArn', 'the certificate', lastPart],
  ['HostedZoneId', 'the hosted zone', String],
  ['WafAclArn', 'the web ACL', (arn) => arn.split('/').at(-2) ?? arn],
  ['AlarmTopicArn', 'the alarm topic', lastPart],
  ['PermissionsBoundary', 'the permissions boundary', lastPart],
  ['VpcEndpointIds', 'the VPC endpoints', (ids) => ids.replaceAll(/,\s*/g, ' and ')],
];

/** What the stack works with and has not made, a few words each, without ARNs. */
export function outsideParts({
  parameters,
  roleArn,
}: Pick<Stack, 'parameters' | 'roleArn'>): string[] {
  const parts = PARTS.flatMap(([parameter, what, nameOf]) => {
    const value = parameters[parameter] ?? '';
    return value === '' ? [] : [`${what} ${nameOf(value)}`];
  });
  return roleArn ? [...parts, `the service role ${lastPart(roleArn)}`] : parts;
}

function lastPart(arn: string): string {
  return arn.slice(arn.search(/[^:/]+$/));
}

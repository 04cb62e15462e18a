import { type Hint, hint } from '../cli/hint.ts';
const SET_LOG_ROLE = [
  'aws',
  'apigateway',
  'update-account',
  '--patch-operations',
  'op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN',
];

/** What to do about a failure, by what AWS says of it; first match wins. */
const RULES: readonly (readonly [RegExp, (match: RegExpExecArray) => Hint])[] = [
  [
    /not authorized to perform:? `?([a-zA-Z-]+:\w+)/,
    ([, action]) =>
      hint`allow ${action ?? ''} to the identity that deploys (all that it needs: ${['agentstream', 'iam-policy']})`,
  ],
  [
    /AccessDenied|not authorized|UnauthorizedOperation/i,
    () =>
      hint`allow it to the identity that deploys (all that it needs: ${['agentstream', 'iam-policy']})`,
  ],
  [
    /CloudWatch Logs role ARN must be set/,
    () =>
      hint`give API Gateway a role for its logs, once for the account and Region: ${SET_LOG_ROLE}`,
  ],
  [
    /TerminationProtection/,
    () => hint`the stack is protected: ${['agentstream', 'deploy', '--no-termination-protection']}`,
  ],
  [
    /already exists|AlreadyExists/i,
    () => 'something of that name is there already: remove it, or choose another --stack-name',
  ],
  [
    /LimitExceeded|(quota|limit|maximum)[^.]*(exceeded|reached)|exceed\w* [^.]*(quota|limit|maximum)|ServiceQuota/i,
    () => 'a quota of the account is used up: free something, or have it raised in Service Quotas',
  ],
  [
    /Too Many Requests|Rate exceeded|Throttling/i,
    () => 'a service of AWS was asked too often, perhaps by others in the account: wait a minute',
  ],
  [
    /invalid[^.]*\bARN\b|\bARN\b[^.]*(invalid|malformed|not valid)|(not supported|not available|unsupported) in[^.]* region/i,
    () => 'check the ARN and the Region: --agent-arn, --region',
  ],
];

/** Undefined when no rule fits. */
export function failureHint(reason: string): Hint | undefined {
  for (const [pattern, hint] of RULES) {
    const match = pattern.exec(reason);
    if (match) return hint(match);
  }
  return undefined;
}

import { OperationError } from '../cli/errors.ts';
import { hint, type Hint } from '../cli/hint.ts';
import type { Stack } from '../aws/stack.ts';
import { type ValidationFailure, findRootFailure, type StackEvent } from './stack-report.ts';
import { redactArns } from '../aws/arns.ts';
import type { StackContext } from './stack-context.ts';
import { type CloudFormationClient, DescribeEventsCommand } from '@aws-sdk/client-cloudformation';

/** The error for an operation that has not ended well: its root cause, and how the stack stands now. */
export function deployFailure(stack: Stack, events: readonly StackEvent[]): OperationError {
  const { name, status, statusReason } = stack;
  if (status.startsWith('DELETE_')) {
    return new OperationError(
      'STACK_DELETED',
      `the stack ${name} was deleted meanwhile (${status})`,
      {
        hint: 'deploy again, when whoever deleted it agrees',
      },
    );
  }
  const root = findRootFailure(events);
  const reason = root?.reason ?? statusReason ?? 'no reason given';
  const cure = failureHint(reason);
  return new OperationError(
    'DEPLOY_FAILED',
    root && !root.isStack
      ? `${root.logicalId} (${root.resourceType}) failed: ${reason}`
      : `the stack ended as ${status}: ${reason}`,
    {
      hint: hint`${cure ? hint`${cure}; ` : ''}the stack is now ${status}; ${cure ? '' : 'mend the cause and '}${nextStep(status)}`,
    },
  );
}

function nextStep(status: string): string {
  return status === 'CREATE_FAILED' || status === 'UPDATE_FAILED'
    ? 'deploy again with --no-rollback to go on from here, without it to begin anew'
    : 'deploy again, it is safe';
}

/** The error for a change set that CloudFormation has refused, with what its validation has found. */
export async function changeSetFailure(
  { client, onEvent }: StackContext,
  changeSetId: string,
  reason: string,
): Promise<OperationError> {
  const failures = await readValidationFailures(client, changeSetId);
  for (const failure of failures) onEvent({ type: 'validation-failure', failure });
  const [first, ...more] = failures;
  if (!first) {
    const text = redactArns(reason);
    return new OperationError('CHANGE_SET_FAILED', `CloudFormation refused the change: ${text}`, {
      hint: failureHint(text),
    });
  }
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return new OperationError(
    'CHANGE_SET_FAILED',
    `${first.logicalId} (${first.resourceType}) would fail: ${first.reason} at ${first.path}${others}`,
    {
      hint: hint`${failureHint(first.reason) ?? 'mend the template'}; nothing was changed`,
    },
  );
}

/**
 * Why a change set has failed: its own reason only says that the validation did. Without permission for DescribeEvents nothing more
 * can be said, so an error is no answer.
 * @param changeSetId an ARN: with a mere name the call wants the stack, too
 */
async function readValidationFailures(
  client: CloudFormationClient,
  changeSetId: string,
): Promise<ValidationFailure[]> {
  const found: ValidationFailure[] = [];
  try {
    let token: string | undefined;
    do {
      const page = await client.send(
        new DescribeEventsCommand({
          ChangeSetName: changeSetId,
          Filters: { FailedEvents: true },
          ...(token && { NextToken: token }),
        }),
      );
      for (const event of page.OperationEvents ?? []) {
        if (event.ValidationStatusReason === undefined) continue;
        found.push({
          logicalId: event.LogicalResourceId ?? '',
          resourceType: event.ResourceType ?? '',
          path: event.ValidationPath ?? '',
          reason: redactArns(event.ValidationStatusReason),
        });
      }
      token = page.NextToken;
    } while (token);
  } catch {
    // The change set's own reason has to do.
  }
  return found;
}

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

import type { ResourceChange } from './resource-change.ts';
import {
  type CloudFormationClient,
  paginateDescribeEvents,
  type StackEvent as SdkStackEvent,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '../aws/stack.ts';
import { hint, type Hint, OperationError } from '../cli/errors.ts';
import { redactArns } from '../aws/arns.ts';

/** Events of a deploy or a destroy. */
export type StackReport =
  /** The current step. */
  | { readonly type: 'step'; readonly text: string }
  /** A remark for people, beside the progress. */
  | { readonly type: 'note'; readonly text: string }
  /** Function and template are built. */
  | {
      readonly type: 'built';
      readonly functionBytes: number;
      /** With the settings that were given. */
      readonly templateBytes: number;
      /** CloudFormation's limit. */
      readonly maxTemplateBytes: number;
    }
  /** A check before the deploy. */
  | {
      readonly type: 'check';
      readonly status: 'ok' | 'note' | 'warning' | 'failed';
      readonly text: string;
      readonly hint?: string | undefined;
    }
  | { readonly type: 'changes'; readonly changes: readonly ResourceChange[] }
  | { readonly type: 'validation-failure'; readonly failure: ValidationFailure }
  /** From here on an operation runs in AWS, even when this process ends. */
  | { readonly type: 'begun'; readonly resources: number }
  | { readonly type: 'stack-event'; readonly event: StackEvent };

/** A finding of CloudFormation's validation before the deployment (user guide, "Validate stack deployments"). */
type ValidationFailure = Awaited<ReturnType<typeof readValidationFailures>>[number];

export type OnStackReport = (report: StackReport) => void;

/** One line of a stack's history. */
export type StackEvent = ReturnType<typeof toStackEvent>;

export function toStackEvent(event: SdkStackEvent) {
  const reason = event.ResourceStatusReason;
  return {
    id: event.EventId ?? '',
    at: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? '',
    resourceType: event.ResourceType ?? '',
    /** For example `CREATE_FAILED`. */
    status: (event.ResourceStatus ?? '') as string,
    /** In AWS's words, without ARNs. */
    reason: reason === undefined ? undefined : redactArns(reason),
    /** The event is about the stack itself. */
    isStack: event.PhysicalResourceId === event.StackId,
  };
}

/** No operation is running. REVIEW_IN_PROGRESS counts as running: right after an execute it is a stale read. */
export function isSettled(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS');
}

/** Failed resources, oldest first, without those that were cancelled because of another failure. */
export function findFailures(events: readonly StackEvent[]): StackEvent[] {
  return events.filter(
    ({ status, isStack, reason }) => status.endsWith('_FAILED') && !isStack && !/cancelled/i.test(reason ?? ''),
  );
}

/** The reason why an operation failed: its first failure. */
export function findRootFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return findFailures(events)[0] ?? events.find(({ status }) => status.endsWith('_FAILED'));
}

/** A resource in progress, or one that has failed, and when it began. */
export type ProgressRow = StackEvent & { readonly since: Date };

/** Counts the events of one operation. */
export type ProgressCounter = ReturnType<typeof countProgress>;

/** @param expected number of resources that the operation changes; 0 when unknown */
export function countProgress(expected: number) {
  const inFlight = new Map<string, ProgressRow>();
  const failed = new Map<string, ProgressRow>();
  const touched = new Set<string>();
  let done = new Set<string>();
  let total = expected;
  let isRollingBack = false;
  return {
    add(event: StackEvent): void {
      const { logicalId, status, reason, isStack, at } = event;
      if (isStack) {
        if (!isRollingBack && status.endsWith('ROLLBACK_IN_PROGRESS')) {
          isRollingBack = true;
          // The rollback undoes the finished resources.
          total = touched.size;
          done = new Set();
        }
        return;
      }
      touched.add(logicalId);
      const row = { ...event, since: inFlight.get(logicalId)?.since ?? at };
      inFlight.delete(logicalId);
      if (status.endsWith('_IN_PROGRESS')) inFlight.set(logicalId, row);
      else if (!status.endsWith('_FAILED')) done.add(logicalId);
      else if (!/cancelled/i.test(reason ?? '')) failed.set(logicalId, row);
    },
    /** Progress of the operation. */
    now: () => ({
      done: Math.min(done.size, total || done.size),
      /** 0 when unknown. */
      total,
      isRollingBack,
      /** In the order of their start. */
      inFlight: [...inFlight.values()],
      /** In the order of their failure, without those cancelled because of another failure. */
      failed: [...failed.values()],
    }),
  };
}

/** The error for a failed operation: its root cause and the stack's status. */
export function deployFailure(stack: Stack, events: readonly StackEvent[]): OperationError {
  const { name, status, statusReason } = stack;
  if (status.startsWith('DELETE_')) {
    return new OperationError('STACK_DELETED', `the stack ${name} was deleted during the deploy (${status})`, {
      hint: 'find out who deleted it, then deploy again',
    });
  }
  const root = findRootFailure(events);
  const reason = root?.reason ?? statusReason ?? 'no reason given';
  const cure = failureHint(reason);
  const text = root && !root.isStack ? `${root.logicalId} (${root.resourceType}) failed` : `the stack ended as ${status}`;
  const nextStep =
    status === 'CREATE_FAILED' || status === 'UPDATE_FAILED'
      ? 'deploy again with --no-rollback to continue from there, or without it to start over'
      : 'deploy again';
  const next = hint`the stack is now ${status}; ${cure ? '' : 'fix the cause and '}${nextStep}`;
  return new OperationError('DEPLOY_FAILED', `${text}: ${reason}`, { hint: cure ? hint`${cure}; ${next}` : next });
}

/** The error for a change set that CloudFormation has refused; reports its validation failures. */
export async function changeSetFailure(
  { client, onEvent }: { readonly client: CloudFormationClient; readonly onEvent: OnStackReport },
  changeSetId: string,
  reason: string,
): Promise<OperationError> {
  const failures = await readValidationFailures(client, changeSetId);
  for (const failure of failures) onEvent({ type: 'validation-failure', failure });
  const [first, ...more] = failures;
  if (!first) {
    const text = redactArns(reason);
    return new OperationError('CHANGE_SET_FAILED', `CloudFormation refused the change: ${text}`, { hint: failureHint(text) });
  }
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const text = `${first.logicalId} (${first.resourceType}) would fail: ${first.reason} at ${first.path}${others}`;
  const cure = hint`${failureHint(first.reason) ?? 'fix the template'}; nothing was changed`;
  return new OperationError('CHANGE_SET_FAILED', text, { hint: cure });
}

/**
 * Validation failures of a change set, whose own reason only says that validation failed. Empty without the permission for
 * DescribeEvents.
 * @param changeSetId an ARN: with a name alone, the call also needs the stack
 */
async function readValidationFailures(client: CloudFormationClient, changeSetId: string) {
  const found = [];
  const question = { ChangeSetName: changeSetId, Filters: { FailedEvents: true } };
  try {
    for await (const { OperationEvents: events = [] } of paginateDescribeEvents({ client }, question)) {
      for (const event of events) {
        if (event.ValidationStatusReason === undefined) continue;
        found.push({
          logicalId: event.LogicalResourceId ?? '',
          resourceType: event.ResourceType ?? '',
          /** Within the template: `/Resources/Function/Properties/Role`. */
          path: event.ValidationPath ?? '',
          /** In AWS's words, without ARNs. */
          reason: redactArns(event.ValidationStatusReason),
        });
      }
    }
  } catch {
    // The caller falls back to the change set's own reason.
  }
  return found;
}

const LOG_ROLE_PATCH = 'op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN';
const LOG_ROLE_REFUSED =
  '"does not have required permissions" means that it lacks AmazonAPIGatewayPushToCloudWatchLogs, or that an SCP wants tags on log groups';
const SET_LOG_ROLE = ['aws', 'apigateway', 'update-account', '--patch-operations', LOG_ROLE_PATCH];

/** Hints by AWS's reason for a failure; the first match wins. */
const RULES: readonly (readonly [RegExp, (match: RegExpExecArray) => Hint])[] = [
  [
    /not authorized to perform:? `?([a-zA-Z-]+:\w+)/,
    ([, action]) => hint`allow ${action ?? ''} to the identity that deploys (the whole policy: ${['agentstream', 'iam-policy']})`,
  ],
  [
    /AccessDenied|not authorized|UnauthorizedOperation/i,
    () => hint`allow it to the identity that deploys (the whole policy: ${['agentstream', 'iam-policy']})`,
  ],
  [
    /CloudWatch Logs role ARN must be set/,
    () => hint`give API Gateway a role for its logs, once for the account and Region: ${SET_LOG_ROLE} (${LOG_ROLE_REFUSED})`,
  ],
  [
    /below its minimum value of \[(\d+)\]/,
    ([, floor]) =>
      `the account keeps ${floor ?? 'some'} concurrent executions for its other functions: take a smaller --max-concurrency, or ask for more in Service Quotas (Lambda, concurrent executions)`,
  ],
  [
    /pending confirmation/i,
    () =>
      'confirm the subscription of the alarms by the link in the e-mail, or wait three days until it expires, and destroy again',
  ],
  [/TerminationProtection/, () => hint`the stack is protected: ${['agentstream', 'deploy', '--no-termination-protection']}`],
  [/already exists|AlreadyExists/i, () => 'a resource of that name already exists: remove it, or choose another --stack-name'],
  [
    /LimitExceeded|(quota|limit|maximum)[^.]*(exceeded|reached)|exceed\w* [^.]*(quota|limit|maximum)|ServiceQuota/i,
    () => 'a quota of the account is exhausted: delete something, or raise it in Service Quotas',
  ],
  [
    /Too Many Requests|Rate exceeded|Throttling/i,
    () => 'AWS throttles this account, perhaps because of other clients: wait a minute and deploy again',
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

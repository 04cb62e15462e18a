import type { StackEvent as SdkStackEvent } from '@aws-sdk/client-cloudformation';
import { redactArns } from '../aws/redact-arns.ts';

/** One line of a stack's history. */
export interface StackEvent {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly resourceType: string;
  /** For example `CREATE_FAILED`. */
  readonly status: string;
  /** In AWS's words, without ARNs. */
  readonly reason: string | undefined;
  /** The event is the stack's own. */
  readonly isStack: boolean;
}

export function toStackEvent(event: SdkStackEvent): StackEvent {
  const reason = event.ResourceStatusReason;
  return {
    id: event.EventId ?? '',
    at: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? '',
    resourceType: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: reason === undefined ? undefined : redactArns(reason),
    isStack: event.PhysicalResourceId === event.StackId,
  };
}

/** No operation runs any more. A shell (REVIEW_IN_PROGRESS) right after an execute is a stale read. */
export function isSettled(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS');
}

/** Resources that have failed by themselves, and not as the echo of another failure; oldest first. */
export function findFailures(events: readonly StackEvent[]): StackEvent[] {
  return events.filter(
    ({ status, isStack, reason }) =>
      status.endsWith('_FAILED') && !isStack && !/cancelled/i.test(reason ?? ''),
  );
}

/** The reason why an operation failed: its first failure. */
export function findRootFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return findFailures(events)[0] ?? events.find(({ status }) => status.endsWith('_FAILED'));
}

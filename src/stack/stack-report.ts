import type { ResourceChange } from './resource-change.ts';
import type { StackEvent as SdkStackEvent } from '@aws-sdk/client-cloudformation';
import { redactArns } from '../aws/arns.ts';

/** Events of a deploy or a destroy. */
export type StackReport =
  /** What is being done now. */
  | { readonly type: 'step'; readonly text: string }
  /** What a person should know, beside the progress. */
  | { readonly type: 'note'; readonly text: string }
  /** What goes to AWS is built. */
  | {
      readonly type: 'built';
      readonly functionBytes: number;
      readonly templateBytes: number;
      /** Most that a template may have. */
      readonly maxTemplateBytes: number;
    }
  /** A check before the deploy. */
  | {
      readonly type: 'check';
      readonly status: 'ok' | 'note' | 'warning' | 'failed';
      readonly text: string;
    }
  | { readonly type: 'changes'; readonly changes: readonly ResourceChange[] }
  | { readonly type: 'validation-failure'; readonly failure: ValidationFailure }
  /** An operation runs in AWS from here on, whatever becomes of this process. */
  | { readonly type: 'begun'; readonly resources: number }
  | { readonly type: 'stack-event'; readonly event: StackEvent };

/** What CloudFormation's validation before the deployment has found (user guide, "Validate stack deployments"). */
export interface ValidationFailure {
  readonly logicalId: string;
  readonly resourceType: string;
  /** Within the template: `/Resources/Function/Properties/Role`. */
  readonly path: string;
  /** In AWS's words, without ARNs. */
  readonly reason: string;
}

export type OnStackReport = (report: StackReport) => void;

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

import type { ResourceChange } from './resource-change.ts';
import type { StackEvent as SdkStackEvent } from '@aws-sdk/client-cloudformation';
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
  /** The event is about the stack itself. */
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

/** Progress of an operation. */
export interface StackProgress {
  readonly done: number;
  /** 0 when unknown. */
  readonly total: number;
  readonly isRollingBack: boolean;
  /** In the order of their start. */
  readonly inFlight: readonly ProgressRow[];
  /** In the order of their failure, without those cancelled because of another failure. */
  readonly failed: readonly ProgressRow[];
}

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
    now: (): StackProgress => ({
      done: Math.min(done.size, total || done.size),
      total,
      isRollingBack,
      inFlight: [...inFlight.values()],
      failed: [...failed.values()],
    }),
  };
}

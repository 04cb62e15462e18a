import { randomUUID } from 'node:crypto';
import { AwsError, validationError } from '../kernel/aws-error.ts';
import { arn, type Place } from '../kernel/place.ts';
import type { Properties } from '../kernel/resource-provider.ts';
import { makeStack, type OperationEntry, type PhysicalResource, type Stack, type StackEvent } from './engine/stack.ts';

/** Resource type of the stack's own events. */
const STACK_TYPE = 'AWS::CloudFormation::Stack';

interface ResourceReport {
  readonly reason?: string | undefined;
  /** The physical resource that the event is about; the stack's current one when absent. */
  readonly physical?: PhysicalResource | undefined;
  readonly properties?: Properties | undefined;
  readonly token?: string | undefined;
}

/** The stacks of one Region, their events and their change sets. */
export type StackStore = ReturnType<typeof createStackStore>;

/** @param readLagMs how long readers of events lag behind */
export function createStackStore(place: Place, readLagMs = 0) {
  const stacks: Stack[] = [];

  /** By name: stacks that are not deleted. By ARN: also deleted ones. */
  const find = (nameOrArn: string): Stack | undefined =>
    stacks.findLast(({ id, name, status }) => id === nameOrArn || (name === nameOrArn && status !== 'DELETE_COMPLETE'));

  /** Event ids hold the time, so no two events of a stack may share a millisecond. */
  const nextTime = (stack: Stack): Date => {
    const last = stack.events.at(-1)?.timestamp.getTime() ?? 0;
    return new Date(Math.max(Date.now(), last + 1));
  };

  const record = (stack: Stack, event: Omit<StackEvent, 'timestamp' | 'eventId' | 'operationId'>): Date => {
    const timestamp = nextTime(stack);
    const eventId =
      event.logicalId === stack.name ? randomUUID() : `${event.logicalId}-${event.status}-${timestamp.toISOString()}`;
    const operationId = stack.operations.findLast(({ type }) => type !== 'CREATE_CHANGESET')?.id;
    stack.events.push({ ...event, eventId, timestamp, operationId });
    return timestamp;
  };

  return {
    find,
    all: (): readonly Stack[] => stacks,
    /** Events that a reader sees now, oldest first. */
    visibleEvents({ events }: Stack): readonly StackEvent[] {
      // Without a lag, all of them: the times of many events at once run ahead of the clock.
      const until = readLagMs === 0 ? Number.POSITIVE_INFINITY : Date.now() - readLagMs;
      return events.filter(({ timestamp }) => timestamp.getTime() <= until);
    },
    changeSetId: (name: string) => arn(place, 'cloudformation', `changeSet/${name}/${randomUUID()}`),
    add: (stack: Stack) => void stacks.push(stack),
    /** Begins an operation: later events of the stack belong to it, unless it only creates a change set. @returns its id */
    begin(stack: Stack, type: OperationEntry['type']): string {
      const id = randomUUID();
      stack.operations.push({ type, id });
      return id;
    },
    /** A new stack, which no request sees before `add`. */
    make: (name: string): Stack => makeStack(name, arn(place, 'cloudformation', `stack/${name}/${randomUUID()}`)),
    /** @throws {AwsError} ValidationError (400): `Stack with id X does not exist` */
    get(nameOrArn: string): Stack {
      const stack = find(nameOrArn);
      if (!stack) throw validationError(`Stack with id ${nameOrArn} does not exist`);
      return stack;
    },
    /** By ARN, or by name within a stack. @throws {AwsError} ChangeSetNotFound (404); ValidationError (400) without a stack */
    getChangeSet(nameOrArn: string, stackName: string | undefined) {
      const isArn = nameOrArn.startsWith('arn:');
      if (!isArn && stackName === undefined)
        throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
      const named = stackName === undefined ? undefined : find(stackName);
      if (stackName !== undefined && !named) throw validationError(`Stack [${stackName}] does not exist`);
      for (const stack of named ? [named] : stacks) {
        for (const changeSet of stack.changeSets.values()) {
          if (nameOrArn === (isArn ? changeSet.id : changeSet.name)) return { stack, changeSet };
        }
      }
      throw new AwsError('ChangeSetNotFound', 404, `ChangeSet [${nameOrArn}] does not exist`);
    },
    /** Sets the status of a stack, with an event. */
    reportStack(stack: Stack, status: string, reason?: string, token?: string): void {
      stack.status = status;
      stack.statusReason = reason;
      const own = { logicalId: stack.name, physicalId: stack.id, type: STACK_TYPE };
      record(stack, { ...own, status, reason, properties: undefined, token });
    },
    /** Sets the status of a resource, with an event. */
    reportResource(stack: Stack, logicalId: string, type: string, status: string, report: ResourceReport = {}): void {
      const { reason, properties, token } = report;
      const known = stack.resources.get(logicalId);
      const physical = report.physical ?? known?.physical;
      const physicalId = physical?.physicalId ?? '';
      const event = { logicalId, physicalId, type, status, reason, properties, token };
      const timestamp = record(stack, event);
      const standing = { status, statusReason: reason, timestamp };
      if (known) Object.assign(known, standing);
      else stack.resources.set(logicalId, { logicalId, type, ...standing, physical: undefined });
    },
    /** An event of a physical resource that was replaced: the stack's own record is about its successor. */
    reportSuperseded(stack: Stack, replaced: PhysicalResource, status: string, { reason, token }: ResourceReport = {}): void {
      const { logicalId, physicalId, properties, definition } = replaced;
      record(stack, { logicalId, physicalId, type: definition.type, status, reason, properties, token });
    },
  };
}

import type { XmlValue } from '../../protocols/query.ts';
import type { ChangeSet, Stack, StackEvent } from '../engine/stack.ts';
import { validationError } from '../../kernel/aws-error.ts';
import { type ActionContext, type Actions, readFlag, readStructure, readText, requireText } from './action.ts';
import { requireStack } from './stack-request.ts';

export const eventActions: Actions = {
  /** Events of a change set, an operation or a whole stack, with findings of early validation; newest first, in one page. */
  DescribeEvents: {
    members: 'StackName ChangeSetName OperationId Filters',
    run(form, context) {
      const stackName = readText(form, 'StackName');
      const changeSetName = readText(form, 'ChangeSetName');
      const operationId = readText(form, 'OperationId');
      const failedOnly = readFlag(readStructure(form, 'Filters') ?? {}, 'FailedEvents') ?? false;
      if (changeSetName !== undefined) {
        const { stack, changeSet } = context.store.getChangeSet(changeSetName, stackName);
        return { OperationEvents: validationEvents(stack, changeSet) };
      }
      if (stackName === undefined && operationId === undefined)
        throw validationError('One of ChangeSetName, OperationId or StackName must be specified');
      const stacks = stackName === undefined ? context.store.all() : [context.store.get(stackName)];
      return {
        OperationEvents: stacks.flatMap((stack) =>
          stackEvents(stack, context).filter(
            (event) =>
              (operationId === undefined || event['OperationId'] === operationId) &&
              (!failedOnly || event['EventType'] === 'PROVISIONING_ERROR'),
          ),
        ),
      };
    },
  },
  /** Newest first, in pages. A deleted stack is found by its ARN. */
  DescribeStackEvents: {
    members: 'StackName NextToken',
    run(form, { store, limits }) {
      const name = requireText(form, 'StackName');
      const stack = requireStack(store, name);
      const events = store.visibleEvents(stack).toReversed();
      const token = readText(form, 'NextToken');
      // A token is the id of the first event of its page, so that new events do not shift the pages of a reader.
      const from = token === undefined ? 0 : events.findIndex(({ eventId }) => eventId === token);
      if (from < 0) throw validationError(`Invalid NextToken: ${token}`);
      const to = from + limits.eventsPerPage;
      return {
        StackEvents: events
          .slice(from, to)
          .map((event) => ({
            StackId: stack.id,
            EventId: event.eventId,
            StackName: stack.name,
            OperationId: event.operationId,
            ...viewStatus(event),
            ResourceProperties: event.properties && JSON.stringify(event.properties),
            ClientRequestToken: event.token,
          })),
        NextToken: events[to]?.eventId,
      };
    },
  },
};

function stackEvents(stack: Stack, { store }: ActionContext): { readonly [name: string]: XmlValue }[] {
  const typeOf = new Map(stack.operations.map(({ id, type }) => [id, type] as const));
  return store
    .visibleEvents(stack)
    .toReversed()
    .map((event) => ({
      EventId: event.eventId,
      StackId: stack.id,
      OperationId: event.operationId,
      OperationType: typeOf.get(event.operationId ?? ''),
      EventType: event.status.endsWith('_FAILED') ? 'PROVISIONING_ERROR' : 'STACK_EVENT',
      ...viewStatus(event),
      ClientRequestToken: event.token,
    }));
}

function validationEvents(stack: Stack, changeSet: ChangeSet): XmlValue[] {
  return [...changeSet.findings].map(([logicalId, { name, reason, path }]) => ({
    EventId: `${changeSet.operationId}-${logicalId}`,
    StackId: stack.id,
    OperationId: changeSet.operationId,
    OperationType: 'CREATE_CHANGESET',
    OperationStatus: 'FAILED',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: logicalId,
    PhysicalResourceId: '',
    ResourceType: changeSet.definition.template.resources.get(logicalId)?.type,
    Timestamp: changeSet.creationTime,
    ValidationFailureMode: 'FAIL',
    ValidationName: name,
    ValidationStatus: 'FAILED',
    ValidationStatusReason: reason,
    ValidationPath: path,
  }));
}

/** The common members of StackEvent and OperationEvent. */
function viewStatus(event: StackEvent): { readonly [name: string]: XmlValue } {
  return {
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.timestamp,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
  };
}

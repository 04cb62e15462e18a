import type { StackEvent } from '../engine/stack.ts';
import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { readText, requireText } from './form-members.ts';

/** Newest first, in pages; of a deleted stack by its ARN. */
export const describeStackEvents: Action = {
  members: ['StackName', 'NextToken'],
  run(form, { store, limits }) {
    const name = requireText(form, 'StackName');
    const stack = store.find(name);
    if (!stack) throw validationError(`Stack [${name}] does not exist`);
    const events = store.visibleEvents(stack).toReversed();
    const token = readText(form, 'NextToken');
    const from = token === undefined ? 0 : startOfPage(events, token);
    const to = from + limits.eventsPerPage;
    return {
      StackEvents: events.slice(from, to).map((event) => ({
        StackId: stack.id,
        EventId: event.eventId,
        StackName: stack.name,
        OperationId: event.operationId,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: event.timestamp,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
        ResourceProperties: event.properties && JSON.stringify(event.properties),
        ClientRequestToken: event.token,
      })),
      NextToken: events[to]?.eventId,
    };
  },
};

/** A token is the id of the first event of its page, so that new events do not move pages that are being read. */
function startOfPage(events: readonly StackEvent[], token: string): number {
  const index = events.findIndex(({ eventId }) => eventId === token);
  if (index < 0) throw validationError(`Invalid NextToken: ${token}`);
  return index;
}

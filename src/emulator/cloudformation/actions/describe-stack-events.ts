import { validationError } from '../validation-error.ts';
import type { Action } from './action.ts';
import { requireText } from './form-members.ts';

/** Newest first; of a deleted stack by its ARN. */
export const describeStackEvents: Action = {
  members: ['StackName'],
  run(form, { store }) {
    const name = requireText(form, 'StackName');
    const stack = store.find(name);
    if (!stack) throw validationError(`Stack [${name}] does not exist`);
    return {
      StackEvents: stack.events.toReversed().map((event) => ({
        StackId: stack.id,
        EventId: event.eventId,
        StackName: stack.name,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: event.timestamp,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
        ResourceProperties: event.properties && JSON.stringify(event.properties),
        ClientRequestToken: event.token,
      })),
    };
  },
};

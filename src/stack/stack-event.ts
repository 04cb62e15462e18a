import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent as SdkStackEvent,
} from '@aws-sdk/client-cloudformation';

/** One line of a stack's history. */
export interface StackEvent {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly resourceType: string;
  /** For example `CREATE_FAILED`. */
  readonly status: string;
  readonly reason: string | undefined;
  /** The event is the stack's own. */
  readonly isStack: boolean;
}

/**
 * Events that came after the one with `lastSeenId` (all, when undefined), oldest first. AWS gives them newest first, in pages.
 */
export async function readNewEvents(
  client: CloudFormationClient,
  stackId: string,
  lastSeenId: string | undefined,
): Promise<StackEvent[]> {
  const found: StackEvent[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new DescribeStackEventsCommand({ StackName: stackId, ...(token && { NextToken: token }) }),
    );
    for (const event of page.StackEvents ?? []) {
      if (event.EventId === lastSeenId) return found.toReversed();
      found.push(toStackEvent(event));
    }
    token = page.NextToken;
  } while (token);
  return found.toReversed();
}

/** Id of the newest event: what comes after it belongs to the next operation. One call, however long the history. */
export async function readLastEventId(
  client: CloudFormationClient,
  stackId: string,
): Promise<string | undefined> {
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: stackId }));
  return StackEvents?.[0]?.EventId;
}

function toStackEvent(event: SdkStackEvent): StackEvent {
  return {
    id: event.EventId ?? '',
    at: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? '',
    resourceType: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason,
    isStack: event.PhysicalResourceId === event.StackId,
  };
}

/** The first failure that is not the echo of another: the reason why the operation failed. */
export function findRootFailure(events: readonly StackEvent[]): StackEvent | undefined {
  const failures = events.filter((event) => event.status.endsWith('_FAILED'));
  return (
    failures.find((event) => !event.isStack && !/cancelled/i.test(event.reason ?? '')) ??
    failures[0]
  );
}

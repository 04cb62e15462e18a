import { DescribeStackEventsCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import type { StackContext } from './stack-context.ts';

/**
 * Which events are meant: those since the operation of a client request token began, or since the newest operation did. A token is
 * AWS's own mark: "All events triggered by a given stack operation are assigned the same client request token" (API reference,
 * StackEvent). Whatever takes the operation over (a delete) is part of it.
 */
export type EventScope = { readonly token: string } | 'newest';

/** @returns events that came since the last call, oldest first: one call, or a few when there are many */
export type EventReader = () => Promise<StackEvent[]>;

export function createEventReader(
  { client, patiently, signal }: StackContext,
  stackId: string,
  scope: EventScope,
): EventReader {
  let lastId: string | undefined;

  const readPage = (token: string | undefined) =>
    patiently(() =>
      client.send(
        new DescribeStackEventsCommand({ StackName: stackId, ...(token && { NextToken: token }) }),
        { abortSignal: signal },
      ),
    );

  /** The newest events, newest first, up to where the boundary is. */
  const readBack = async (boundary: Boundary, isEnough: (found: StackEvent[]) => boolean) => {
    const found: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await readPage(token);
      for (const event of page.StackEvents ?? []) {
        const where = boundary(event);
        if (where !== 'before') found.push(event);
        if (where !== 'within') return found;
      }
      token = page.NextToken;
    } while (token && !isEnough(found));
    return found;
  };

  return async () => {
    let found: StackEvent[];
    if (lastId !== undefined) {
      found = await readBack(seenBefore(lastId), () => false);
    } else if (scope === 'newest') {
      found = await readBack(toBeginning, () => false);
    } else {
      const hasBegun = (events: StackEvent[]) => events.some(hasToken(scope.token));
      // As long as the operation does not show, what came before it does not matter.
      found = await readBack(createTokenBoundary(scope.token), (events) => !hasBegun(events));
      if (!hasBegun(found)) return [];
    }
    lastId = found[0]?.EventId ?? lastId;
    return found.toReversed();
  };
}

/** Where an event stands, read from the newest to the oldest: `first` is the one that an operation began with. */
type Boundary = (event: StackEvent) => 'within' | 'first' | 'before';

function seenBefore(lastId: string): Boundary {
  return ({ EventId }) => (EventId === lastId ? 'before' : 'within');
}

function toBeginning(event: StackEvent): ReturnType<Boundary> {
  return isBeginning(event) ? 'first' : 'within';
}

function createTokenBoundary(token: string): Boundary {
  let hasBegun = false;
  return (event) => {
    const isOwn = hasToken(token)(event);
    if (hasBegun && !isOwn) return 'before';
    hasBegun ||= isOwn;
    return 'within';
  };
}

function hasToken(token: string): (event: StackEvent) => boolean {
  return ({ ClientRequestToken }) => ClientRequestToken === token;
}

/** An operation that somebody has asked for, and not the rollback of one. */
function isBeginning(event: StackEvent): boolean {
  const { ResourceStatus: status = '', ResourceStatusReason: reason } = event;
  if (event.PhysicalResourceId !== event.StackId) return false;
  return (
    /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(status) ||
    (status.endsWith('ROLLBACK_IN_PROGRESS') && reason === 'User Initiated')
  );
}

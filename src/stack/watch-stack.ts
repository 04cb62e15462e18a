import { OperationError } from '../cli/errors.ts';
import { describeStack, type Stack } from '../aws/stack.ts';
import {
  createPollDelay,
  createStackContext,
  type StackContext,
  type StackTiming,
} from './stack-context.ts';
import { isSettled, type OnStackReport, type StackEvent, toStackEvent } from './stack-report.ts';
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent as SdkStackEvent,
} from '@aws-sdk/client-cloudformation';
import { deployFailure } from './stack-failure.ts';
import { SHELL_STATUS } from './own-stack.ts';

export interface WatchResult {
  /** As it stands at the end. */
  readonly stack: Stack;
  /** Every event of the operation, oldest first. */
  readonly events: readonly StackEvent[];
}

/**
 * After so many questions (some 13 s) without an event of ours it is somebody else's operation that runs: a second delete is
 * answered as if it had begun something. Events may be late, so not sooner.
 */
const FOREIGN_AFTER = 8;
/** How often a description that is late is asked for again. */
const STALE_READS = 4;

/**
 * Follows an operation to its end, by its events alone: one question a poll. The end is an event of the stack's own.
 * @throws {OperationError} STACK_NOT_FOUND when the stack vanishes from the account's view
 * @throws AbortError when the signal is aborted: the operation itself goes on in AWS
 */
export async function watchStack(
  context: StackContext,
  stackId: string,
  scope: EventScope,
): Promise<WatchResult> {
  const events: StackEvent[] = [];
  const inFlight = new Set<string>();
  const wait = createPollDelay(context.timing, context.signal);
  let read: EventReader = createEventReader(context, stackId, scope);
  for (let questions = 1; ; questions += 1) {
    // Not at once: right after the begin there is nothing to see.
    await wait(inFlight.size > 0);
    for (const event of (await read()).map(toStackEvent)) {
      events.push(event);
      context.onEvent({ type: 'stack-event', event });
      const { logicalId, isStack, status } = event;
      if (isStack) continue;
      if (isSettled(status)) inFlight.delete(logicalId);
      else inFlight.add(logicalId);
    }
    // The first end: a second deploy may have begun, and even ended, between two polls.
    const end = events.find(({ isStack, status }) => isStack && isSettled(status));
    if (end) return { stack: await describeEnd(context, stackId, end), events };
    if (events.length === 0 && questions === FOREIGN_AFTER) {
      read = createEventReader(context, stackId, 'newest');
    }
  }
}

/** Outputs and all; the events know the end earlier than a description that is a little late. */
async function describeEnd(
  { client, retrying, signal, timing }: StackContext,
  stackId: string,
  end: StackEvent,
): Promise<Stack> {
  const wait = createPollDelay(timing, signal);
  for (let question = 1; ; question += 1) {
    const stack = await retrying(() => describeStack(client, stackId, signal));
    if (!stack) throw new OperationError('STACK_NOT_FOUND', 'the stack is gone');
    if (isSettled(stack.status) || question === STALE_READS) {
      return { ...stack, status: end.status, statusReason: end.reason };
    }
    await wait(false);
  }
}

/**
 * Which events are meant: those since the operation of a client request token began, or since the newest operation did. A token is
 * AWS's own mark: "All events triggered by a given stack operation are assigned the same client request token" (API reference,
 * SdkStackEvent). Whatever takes the operation over (a delete) is part of it.
 */
export type EventScope = { readonly token: string } | 'newest';

/** @returns events that came since the last call, oldest first: one call, or a few when there are many */
type EventReader = () => Promise<SdkStackEvent[]>;

function createEventReader(
  { client, retrying, signal }: StackContext,
  stackId: string,
  scope: EventScope,
): EventReader {
  let lastId: string | undefined;

  const readPage = (token: string | undefined) =>
    retrying(() =>
      client.send(
        new DescribeStackEventsCommand({ StackName: stackId, ...(token && { NextToken: token }) }),
        { abortSignal: signal },
      ),
    );

  /** The newest events, newest first, up to where the boundary is. */
  const readBack = async (boundary: Boundary, isEnough: (found: SdkStackEvent[]) => boolean) => {
    const found: SdkStackEvent[] = [];
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
    let found: SdkStackEvent[];
    if (lastId !== undefined) {
      found = await readBack(seenBefore(lastId), () => false);
    } else if (scope === 'newest') {
      found = await readBack(toBeginning, () => false);
    } else {
      const hasBegun = (events: SdkStackEvent[]) => events.some(hasToken(scope.token));
      // As long as the operation does not show, what came before it does not matter.
      found = await readBack(createTokenBoundary(scope.token), (events) => !hasBegun(events));
      if (!hasBegun(found)) return [];
    }
    lastId = found[0]?.EventId ?? lastId;
    return found.toReversed();
  };
}

/** Where an event stands, read from the newest to the oldest: `first` is the one that an operation began with. */
type Boundary = (event: SdkStackEvent) => 'within' | 'first' | 'before';

function seenBefore(lastId: string): Boundary {
  return ({ EventId }) => (EventId === lastId ? 'before' : 'within');
}

function toBeginning(event: SdkStackEvent): ReturnType<Boundary> {
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

function hasToken(token: string): (event: SdkStackEvent) => boolean {
  return ({ ClientRequestToken }) => ClientRequestToken === token;
}

/** An operation that somebody has asked for, and not the rollback of one. */
function isBeginning(event: SdkStackEvent): boolean {
  const { ResourceStatus: status = '', ResourceStatusReason: reason } = event;
  if (event.PhysicalResourceId !== event.StackId) return false;
  return (
    /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(status) ||
    (status.endsWith('ROLLBACK_IN_PROGRESS') && reason === 'User Initiated')
  );
}

export interface AttachInput {
  readonly stackName: string;
  readonly onEvent: OnStackReport;
  readonly signal: AbortSignal;
  readonly timing?: Partial<StackTiming>;
}

/**
 * Follows the operation that runs on a stack, or tells how the last one has ended.
 * @returns undefined when there is no stack of this name, or only the shell of one
 * @throws {OperationError} DEPLOY_FAILED when it has not ended well, or STACK_DELETED
 * @throws AbortError when the signal is aborted: the operation goes on in AWS
 */
export async function attachStack(
  client: CloudFormationClient,
  input: AttachInput,
): Promise<Stack | undefined> {
  const context = createStackContext(client, input);
  const { retrying, signal, onEvent } = context;
  const current = await retrying(() => describeStack(client, input.stackName, signal));
  if (!current || current.status === SHELL_STATUS) return undefined;
  const isRunning = !isSettled(current.status);
  const what = isRunning ? 'following what runs' : 'nothing runs: the last operation';
  onEvent({ type: 'step', text: `${what} on ${current.name} (${current.status})` });
  if (isRunning) onEvent({ type: 'begun', resources: 0 });
  const { stack, events } = await watchStack(context, current.id, 'newest');
  if (stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE') return stack;
  throw deployFailure(stack, events);
}

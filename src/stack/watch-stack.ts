import { OperationError } from '../cli/errors.ts';
import { describeStack, type Stack } from '../aws/stack.ts';
import { createPollDelay, createStackContext, type StackContext, type OperationInput } from './stack-context.ts';
import { deployFailure, isSettled, type StackEvent, toStackEvent } from './stack-report.ts';
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent as SdkStackEvent,
} from '@aws-sdk/client-cloudformation';
import { SHELL_STATUS } from './own-stack.ts';

/** The stack at the end, and every event of the operation, oldest first. */
export type WatchResult = { readonly stack: Stack; readonly events: readonly StackEvent[] };

/**
 * Polls (about 13 s) without an event of ours before we follow the newest operation instead: AWS accepts a second delete as if it had
 * started one. Events may be late, so not sooner.
 */
const FOREIGN_AFTER = 10;
/** Reads of the stack's description until it shows the end. */
const STALE_READS = 4;

/**
 * Follows an operation to its end by its events alone, with one call per poll. The stack's own event marks the end.
 * @throws {OperationError} STACK_NOT_FOUND when the stack can no longer be found
 * @throws AbortError when the signal is aborted; the operation continues in AWS
 */
export async function watchStack(context: StackContext, stackId: string, scope: EventScope): Promise<WatchResult> {
  const events: StackEvent[] = [];
  const inFlight = new Set<string>();
  const wait = createPollDelay(context.timing, context.signal);
  let read: EventReader = createEventReader(context, stackId, scope);
  for (let questions = 1; ; questions += 1) {
    // Wait first: there are no events right after the start.
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
    if (events.length === 0 && questions === FOREIGN_AFTER) read = createEventReader(context, stackId, 'newest');
  }
}

/** The stack with its outputs; its description may lag behind the events. */
async function describeEnd({ client, retrying, signal, timing }: StackContext, stackId: string, end: StackEvent): Promise<Stack> {
  const wait = createPollDelay(timing, signal);
  for (let question = 1; ; question += 1) {
    const stack = await retrying(() => describeStack(client, stackId, signal));
    if (!stack) throw new OperationError('STACK_NOT_FOUND', 'the stack no longer exists');
    if (isSettled(stack.status) || question === STALE_READS) return { ...stack, status: end.status, statusReason: end.reason };
    await wait(false);
  }
}

/**
 * The events since the start of the operation with this client request token, or since the start of the newest operation. "All events
 * triggered by a given stack operation are assigned the same client request token" (API reference, StackEvent). An operation that takes
 * over, such as a delete, is included.
 */
export type EventScope = { readonly token: string } | 'newest';

/** @returns the events since the last call, oldest first */
type EventReader = () => Promise<SdkStackEvent[]>;

function createEventReader({ client, retrying, signal }: StackContext, stackId: string, scope: EventScope): EventReader {
  let lastId: string | undefined;

  const isOwn = (event: SdkStackEvent): boolean => scope !== 'newest' && event.ClientRequestToken === scope.token;
  /** Number of the newest events that belong to the operation and are new; undefined while older ones may. */
  const countOwn = (events: readonly SdkStackEvent[]): number | undefined => {
    if (lastId !== undefined) return position(events, ({ EventId }) => EventId === lastId);
    if (scope !== 'newest') return position(events, (event, index) => !isOwn(event) && events.slice(0, index).some(isOwn));
    const beginning = position(events, isBeginning);
    return beginning === undefined ? undefined : beginning + 1;
  };

  return async () => {
    const found: SdkStackEvent[] = [];
    let token: string | undefined;
    do {
      const question = { StackName: stackId, ...(token && { NextToken: token }) };
      const page = await retrying(() => client.send(new DescribeStackEventsCommand(question), { abortSignal: signal }));
      found.push(...(page.StackEvents ?? []));
      // Earlier events do not matter until the operation shows.
      if (lastId === undefined && scope !== 'newest' && !found.some(isOwn)) return [];
      token = page.NextToken;
    } while (token && countOwn(found) === undefined);
    const own = found.slice(0, countOwn(found));
    lastId = own[0]?.EventId ?? lastId;
    return own.toReversed();
  };
}

function position(events: readonly SdkStackEvent[], is: (event: SdkStackEvent, index: number) => boolean): number | undefined {
  const index = events.findIndex(is);
  return index === -1 ? undefined : index;
}

/** The start of a requested operation, not of a rollback. */
function isBeginning(event: SdkStackEvent): boolean {
  const { ResourceStatus: status = '', ResourceStatusReason: reason } = event;
  if (event.PhysicalResourceId !== event.StackId) return false;
  return (
    /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(status) ||
    (status.endsWith('ROLLBACK_IN_PROGRESS') && reason === 'User Initiated')
  );
}

/**
 * Follows the operation in progress on a stack, or reports how the last one ended.
 * @returns undefined when there is no stack of this name, or only an unexecuted change set
 * @throws {OperationError} DEPLOY_FAILED or STACK_DELETED when the operation failed
 * @throws AbortError when the signal is aborted; the operation continues in AWS
 */
export async function attachStack(client: CloudFormationClient, input: OperationInput & { readonly stackName: string }) {
  const context = createStackContext(client, input);
  const { retrying, signal, onEvent } = context;
  const current = await retrying(() => describeStack(client, input.stackName, signal));
  if (!current || current.status === SHELL_STATUS) return undefined;
  const isRunning = !isSettled(current.status);
  const what = isRunning ? 'following the operation' : 'no operation in progress: showing the last one';
  onEvent({ type: 'step', text: `${what} on ${current.name} (${current.status})` });
  if (isRunning) onEvent({ type: 'begun', resources: 0 });
  const { stack, events } = await watchStack(context, current.id, 'newest');
  if (stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE') return stack;
  throw deployFailure(stack, events);
}

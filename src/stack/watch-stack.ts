import { OperationError } from '../cli/errors.ts';
import { describeStack, type Stack } from '../aws/describe-stack.ts';
import { createEventReader, type EventReader, type EventScope } from './event-reader.ts';
import { createPollDelay } from './poll-delay.ts';
import type { StackContext } from './stack-context.ts';
import { isSettled, type StackEvent, toStackEvent } from './stack-event.ts';

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
    const last = events.findLast(({ isStack }) => isStack);
    if (last && isSettled(last.status)) {
      return { stack: await describeEnd(context, stackId, last), events };
    }
    if (events.length === 0 && questions === FOREIGN_AFTER) {
      read = createEventReader(context, stackId, 'newest');
    }
  }
}

/** Outputs and all; the events know the end earlier than a description that is a little late. */
async function describeEnd(
  { client, patiently, signal, timing }: StackContext,
  stackId: string,
  end: StackEvent,
): Promise<Stack> {
  const wait = createPollDelay(timing, signal);
  for (let question = 1; ; question += 1) {
    const stack = await patiently(() => describeStack(client, stackId, signal));
    if (!stack) throw new OperationError('STACK_NOT_FOUND', 'the stack is gone');
    if (isSettled(stack.status) || question === STALE_READS) {
      return { ...stack, status: end.status, statusReason: end.reason };
    }
    await wait(false);
  }
}

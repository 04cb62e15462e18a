import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { OperationError } from '../errors.ts';
import { describeStack, type Stack } from './describe-stack.ts';
import { createPollDelay } from './poll-delay.ts';
import { readNewEvents, type StackEvent } from './stack-event.ts';

export interface WatchOptions {
  /** Events up to this one are old news. */
  readonly afterEventId: string | undefined;
  readonly onEvent: (event: StackEvent) => void;
  readonly signal: AbortSignal;
}

export interface WatchResult {
  readonly stack: Stack;
  /** Every event of the operation, oldest first. */
  readonly events: readonly StackEvent[];
}

/**
 * Follows an operation to its end: until the stack has a status that is not `*_IN_PROGRESS`. Asks for events once more after
 * that, or the reason of a failure is lost.
 * @throws AbortError when the signal is aborted: the operation itself goes on in AWS
 */
export async function watchStack(
  client: CloudFormationClient,
  stackId: string,
  options: WatchOptions,
): Promise<WatchResult> {
  const events: StackEvent[] = [];
  const wait = createPollDelay(options.signal);
  for (;;) {
    const stack = await describeStack(client, stackId);
    if (!stack) throw new OperationError('STACK_NOT_FOUND', `the stack ${stackId} is gone`);
    const fresh = await readNewEvents(client, stackId, events.at(-1)?.id ?? options.afterEventId);
    for (const event of fresh) options.onEvent(event);
    events.push(...fresh);
    if (isSettled(stack.status)) return { stack, events };
    await wait();
  }
}

/** REVIEW_IN_PROGRESS right after an execute is a stale read. */
export function isSettled(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS');
}

import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../errors.ts';
import { describeStack, type Stack } from './describe-stack.ts';
import { readNewEvents, type StackEvent } from './stack-event.ts';

/** How often CloudFormation is asked: quickly at first, since small stacks are done soon, then every 2 s. */
const FIRST_POLL_MS = 250;
const POLL_GROWTH = 1.5;
const MAX_POLL_MS = 2_000;

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
  let pollMs = FIRST_POLL_MS;
  for (;;) {
    const stack = await describeStack(client, stackId);
    if (!stack) throw new OperationError('STACK_NOT_FOUND', `the stack ${stackId} is gone`);
    const fresh = await readNewEvents(client, stackId, events.at(-1)?.id ?? options.afterEventId);
    for (const event of fresh) options.onEvent(event);
    events.push(...fresh);
    if (isSettled(stack.status)) return { stack, events };
    await sleep(pollMs, undefined, { signal: options.signal });
    pollMs = Math.min(pollMs * POLL_GROWTH, MAX_POLL_MS);
  }
}

/** REVIEW_IN_PROGRESS right after an execute is a stale read. */
export function isSettled(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS');
}

import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../aws/describe-stack.ts';
import { isThrottledReason } from '../aws/passing-trouble.ts';
import type { StackContext } from './stack-context.ts';
import { findFailures, type StackEvent } from './stack-event.ts';
import { watchStack, type WatchResult } from './watch-stack.ts';

/** Each waits out API Gateway's limit once. */
const MAX_ATTEMPTS = 4;

/**
 * Deletes a stack, by its id, and follows it to the end. A deletion that failed only because API Gateway lets so few APIs go is
 * tried again when it lets the next one.
 * @param resources how many it has, for those who show the progress
 * @returns the events of all attempts
 */
export async function removeStack(
  context: StackContext,
  stack: Stack,
  resources: number,
): Promise<WatchResult> {
  const { client, patiently, onEvent, timing, signal } = context;
  const events: StackEvent[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const token = randomUUID();
    await patiently(() =>
      client.send(new DeleteStackCommand({ StackName: stack.id, ClientRequestToken: token })),
    );
    onEvent({ type: 'begun', resources });
    const result = await watchStack(context, stack.id, { token });
    events.push(...result.events);
    const isThrottled = findFailures(result.events).every(({ reason }) =>
      isThrottledReason(reason),
    );
    if (result.stack.status !== 'DELETE_FAILED' || !isThrottled || attempt === MAX_ATTEMPTS) {
      return { ...result, events };
    }
    const seconds = Math.round(timing.throttledDeleteMs / 1_000);
    onEvent({
      type: 'note',
      text: `API Gateway deletes one API in 30 s, and has just deleted another: trying again in ${seconds} s`,
    });
    await sleep(timing.throttledDeleteMs, undefined, { signal });
  }
}

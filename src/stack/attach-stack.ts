import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { deployFailure } from './deploy-failure.ts';
import { describeStack, type Stack } from '../aws/describe-stack.ts';
import { SHELL_STATUS } from './own-stack.ts';
import { createStackContext } from './stack-context.ts';
import { isSettled } from './stack-event.ts';
import type { OnStackReport } from './stack-report.ts';
import type { StackTiming } from './stack-timing.ts';
import { watchStack } from './watch-stack.ts';

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
  const { patiently, signal, onEvent } = context;
  const current = await patiently(() => describeStack(client, input.stackName, signal));
  if (!current || current.status === SHELL_STATUS) return undefined;
  const isRunning = !isSettled(current.status);
  const what = isRunning ? 'following what runs' : 'nothing runs: the last operation';
  onEvent({ type: 'step', text: `${what} on ${current.name} (${current.status})` });
  if (isRunning) onEvent({ type: 'begun', resources: 0 });
  const { stack, events } = await watchStack(context, current.id, 'newest');
  if (stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE') return stack;
  throw deployFailure(stack, events);
}

import { ContinueUpdateRollbackCommand, DeleteStackCommand, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import { randomUUID } from 'node:crypto';
import { type Hint, hint, OperationError } from '../cli/errors.ts';
import { describeStack, type Stack } from '../aws/stack.ts';
import { listStackResources, requireOwnStack, SHELL_STATUS } from './own-stack.ts';
import type { StackContext } from './stack-context.ts';
import { failureHint, findFailures, findRootFailure, isSettled, type StackEvent } from './stack-report.ts';
import { type WatchResult, watchStack } from './watch-stack.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { isThrottledReason } from '../aws/aws-errors.ts';
import { formatSpan } from '../ui/format.ts';

export interface RecoveryOptions {
  /** The next operation runs without rollback, so it may start from a failed stack. */
  readonly keepFailures: boolean;
  /** Change nothing: a necessary recovery is an error. */
  readonly isDryRun: boolean;
  /** Called before the remains of a stack are deleted; its error keeps them. */
  readonly beforeRemoval?: (stack: Stack) => void;
}

/** State of the stack that a deploy starts from. */
export interface StartingPoint {
  /** Undefined when the deploy creates the stack. */
  readonly stack: Stack | undefined;
  /** The stack has failed without rollback, and AWS then requires the next operation to disable rollback. */
  readonly mustKeepFailures: boolean;
}

const NO_STACK: StartingPoint = { stack: undefined, mustKeepFailures: false };

/** The stack was never complete, or is half deleted: AWS allows only its deletion. */
const DEAD_STATUSES = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']);

/**
 * Brings a stack into a state that can be deployed to: waits for a running operation, deletes a stack that was never complete, rolls
 * back a failed update. Reports each step before it takes it.
 * @throws {OperationError} FOREIGN_STACK; STACK_STUCK with a hint when recovery fails; NEEDS_RECOVERY in a dry run
 */
export async function recoverStack(context: StackContext, stackName: string, options: RecoveryOptions): Promise<StartingPoint> {
  const { client, retrying, signal } = context;
  const tried = new Set<string>();
  for (;;) {
    const stack = await retrying(() => describeStack(client, stackName, signal));
    if (!stack) return NO_STACK;
    await requireOwnStack(client, stack, 'deploy under another name: --stack-name');
    if (stack.status === SHELL_STATUS) return NO_STACK;
    if (!isSettled(stack.status)) {
      await waitForOthers(context, stack);
      continue;
    }
    const goesOn = stack.status.endsWith('_FAILED') && canGoOn(stack, options);
    const isBroken = DEAD_STATUSES.has(stack.status) || /^UPDATE_(ROLLBACK_)?FAILED$/.test(stack.status);
    if (goesOn || !isBroken) return { stack, mustKeepFailures: goesOn };
    if (options.isDryRun) {
      const text = `the stack ${stackName} is ${stack.status}: a deploy would recover it first, so its changes cannot be previewed`;
      const cure = hint`deploy without --dry-run, or delete the stack: ${['agentstream', 'destroy']}`;
      throw new OperationError('NEEDS_RECOVERY', text, { hint: cure });
    }
    if (tried.has(stack.status)) throw stuck(stack, undefined);
    tried.add(stack.status);
    if (DEAD_STATUSES.has(stack.status)) options.beforeRemoval?.(stack);
    const result = await repair(context, stack);
    const { status } = result.stack;
    if (status === 'DELETE_COMPLETE') return NO_STACK;
    if (status === 'DELETE_FAILED' || tried.has(status)) throw stuck(result.stack, result);
  }
}

/** Follows another operation to its end, even when it fails. */
export async function waitForOthers(context: StackContext, stack: Stack): Promise<void> {
  const text = `another operation is in progress on ${stack.name} (${stack.status}): waiting until it is done`;
  context.onEvent({ type: 'step', text });
  await watchStack(context, stack.id, 'newest');
}

/** Whether the deploy can continue from a failure without rollback; express stacks cannot be rolled back on request. */
function canGoOn({ status, isExpress }: Stack, { keepFailures }: RecoveryOptions): boolean {
  if (status === 'UPDATE_FAILED') return keepFailures || isExpress;
  return status === 'CREATE_FAILED' && keepFailures;
}

async function repair(context: StackContext, stack: Stack): Promise<WatchResult> {
  const { client, retrying, onEvent } = context;
  const { status, id, name } = stack;
  if (DEAD_STATUSES.has(status)) {
    const what = status === 'DELETE_FAILED' ? 'delete' : 'create';
    onEvent({ type: 'step', text: `deleting the remains of a failed ${what} (${status})` });
    return removeStack(context, stack, (await listStackResources(client, id)).length);
  }
  const token = randomUUID();
  const input = { StackName: id, ClientRequestToken: token };
  if (status === 'UPDATE_FAILED') {
    onEvent({ type: 'step', text: `rolling back the failed update of ${name}` });
    await retrying(() => client.send(new RollbackStackCommand(input)));
  } else {
    onEvent({ type: 'step', text: `continuing the failed rollback of ${name}` });
    await retrying(() => client.send(new ContinueUpdateRollbackCommand(input)));
  }
  onEvent({ type: 'begun', resources: 0 });
  return watchStack(context, id, { token });
}

function stuck(stack: Stack, result: WatchResult | undefined): OperationError {
  const { name, status } = stack;
  const root = result && findRootFailure(result.events);
  const reason = root?.reason ?? stack.statusReason;
  const what = root ? `${root.logicalId} (${root.resourceType})` : 'it';
  const text = `the stack ${name} is ${status} and cannot be deployed to: ${what} failed: ${reason ?? 'no reason given'}`;
  const cure = hint`${failureHint(reason ?? '') ?? 'fix the cause'}, then deploy again${skipHint(stack, root?.logicalId)}`;
  return new OperationError('STACK_STUCK', text, { hint: cure });
}

function skipHint({ name, status }: Stack, resource: string | undefined): Hint {
  if (status !== 'UPDATE_ROLLBACK_FAILED' || resource === undefined) return '';
  const skip = ['aws', 'cloudformation', 'continue-update-rollback', '--stack-name', name];
  return hint`; to skip the resource: ${[...skip, '--resources-to-skip', resource]}`;
}

/** Attempts to delete a stack; each waits once for API Gateway's limit. */
const MAX_ATTEMPTS = 4;

/**
 * Deletes a stack by its id and follows the deletion to the end. Retries when it failed only because API Gateway throttles the deletion
 * of APIs.
 * @param resources number of its resources, for the progress display
 * @returns the events of all attempts
 */
export async function removeStack(context: StackContext, stack: Stack, resources: number): Promise<WatchResult> {
  const { client, retrying, onEvent, timing, signal } = context;
  const events: StackEvent[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const token = randomUUID();
    await retrying(() => client.send(new DeleteStackCommand({ StackName: stack.id, ClientRequestToken: token })));
    onEvent({ type: 'begun', resources });
    const result = await watchStack(context, stack.id, { token });
    events.push(...result.events);
    const isThrottled = findFailures(result.events).every(({ reason }) => isThrottledReason(reason));
    if (result.stack.status !== 'DELETE_FAILED' || !isThrottled || attempt === MAX_ATTEMPTS) return { ...result, events };
    const wait = formatSpan(timing.throttledDeleteMs);
    onEvent({ type: 'note', text: `API Gateway deletes one API in 30 s and has just deleted another: trying again in ${wait}` });
    await sleep(timing.throttledDeleteMs, undefined, { signal });
  }
}

import { OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import type { Stack } from '../aws/describe-stack.ts';
import { failureHint } from './failure-hint.ts';
import { findRootFailure, type StackEvent } from './stack-event.ts';

/** The error for an operation that has not ended well: its root cause, and how the stack stands now. */
export function deployFailure(stack: Stack, events: readonly StackEvent[]): OperationError {
  const { name, status, statusReason } = stack;
  if (status.startsWith('DELETE_')) {
    return new OperationError(
      'STACK_DELETED',
      `the stack ${name} was deleted meanwhile (${status})`,
      {
        hint: 'deploy again, when whoever deleted it agrees',
      },
    );
  }
  const root = findRootFailure(events);
  const reason = root?.reason ?? statusReason ?? 'no reason given';
  const cure = failureHint(reason);
  return new OperationError(
    'DEPLOY_FAILED',
    root && !root.isStack
      ? `${root.logicalId} (${root.resourceType}) failed: ${reason}`
      : `the stack ended as ${status}: ${reason}`,
    {
      hint: hint`${cure ? hint`${cure}; ` : ''}the stack is now ${status}; ${cure ? '' : 'mend the cause and '}${nextStep(status)}`,
    },
  );
}

function nextStep(status: string): string {
  return status === 'CREATE_FAILED' || status === 'UPDATE_FAILED'
    ? 'deploy again with --no-rollback to go on from here, without it to begin anew'
    : 'deploy again, it is safe';
}

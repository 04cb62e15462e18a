import { OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import type { Stack } from '../aws/describe-stack.ts';

/** @throws {OperationError} STACK_PROTECTED for a stack that AWS would refuse to delete */
export function requireUnprotected({ name, isProtected }: Stack): void {
  if (!isProtected) return;
  throw new OperationError('STACK_PROTECTED', `the stack ${name} is protected from deletion`, {
    hint: hint`lift it first: ${['agentstream', 'deploy', '--no-termination-protection']}`,
  });
}

import { AbortError, isAbort } from './errors.ts';
import type { Stack } from './stack/describe-stack.ts';
import type { StackRun } from './stack-run.ts';
import { proofEventLine } from './ui/proof-lines.ts';
import type { Proof, ProofEvent } from './verify/proof.ts';
import { proveStack } from './verify/prove-stack.ts';

/**
 * Proves the endpoint of a stack that has just been deployed, and tells how that goes: with `--json` every attempt and probe as a
 * line, else what a person has to know while waiting.
 * @throws as `proveStack`; AbortError
 */
export async function proveDeploy(
  stack: Stack,
  { access, isJson, print, report, flagsText }: StackRun,
  signal: AbortSignal,
): Promise<Proof> {
  report({ type: 'step', text: 'proving that the endpoint streams' });
  const onEvent = (event: ProofEvent): void => {
    if (isJson) return print({ ...event });
    const text = proofEventLine(event);
    if (text !== undefined) report({ type: 'note', text });
  };
  try {
    return await proveStack(stack, access, { signal, onEvent });
  } catch (error) {
    if (!isAbort(error)) throw error;
    throw new AbortError('interrupted', {
      hint: `the stack is complete, only its proof is not: agentstream deploy${flagsText} proves it again`,
      cause: error,
    });
  }
}

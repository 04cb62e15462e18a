import type { CommandContext } from './context.ts';
import { AbortError, isAbort, UsageError } from './errors.ts';
import type { Stack } from './stack/describe-stack.ts';
import type { StackRun } from './stack-run.ts';
import { proofEventLine } from './ui/proof-lines.ts';
import type { Proof, ProofEvent } from './verify/proof.ts';
import { proveStack } from './verify/prove-stack.ts';

/** How long an endpoint is asked that may have been told not to answer here. */
const SHORT_PATIENCE_MS = 5_000;

/**
 * Proves the endpoint of a stack that has just been deployed, and tells how that goes: with `--json` every attempt and probe as a
 * line, else what a person has to know while waiting. A token is taken from AGENTSTREAM_TOKEN.
 * @returns undefined when it cannot be proved from here: no token, or an API that need not let this machine in. That is said
 * @throws as `proveStack`; AbortError
 */
export async function proveDeploy(
  stack: Stack,
  { access, isJson, print, report, flagsText }: StackRun,
  { terminal, signal }: CommandContext,
): Promise<Proof | undefined> {
  report({ type: 'step', text: 'proving that the endpoint streams' });
  const onEvent = (event: ProofEvent): void => {
    if (isJson) return print({ ...event });
    const text = proofEventLine(event);
    if (text !== undefined) report({ type: 'note', text });
  };
  const closed = closedTo(stack);
  try {
    const proof = await proveStack(stack, access, {
      signal,
      onEvent,
      proofs: { token: terminal.env['AGENTSTREAM_TOKEN'] },
      ...(closed !== undefined && { patienceMs: SHORT_PATIENCE_MS }),
    });
    if (proof.type !== 'not-serving' || closed === undefined) return proof;
    report({ type: 'note', text: `that it streams is not proved: ${closed}` });
    return undefined;
  } catch (error) {
    if (error instanceof UsageError && error.code === 'MISSING_TOKEN') {
      const text = 'that it streams is not proved: there is no token (AGENTSTREAM_TOKEN)';
      report({ type: 'note', text });
      return undefined;
    }
    if (!isAbort(error)) throw error;
    throw new AbortError('interrupted', {
      hint: `the stack is complete, only its proof is not: agentstream deploy${flagsText} proves it again`,
      cause: error,
    });
  }
}

/** Why an API that serves may not serve this machine. */
function closedTo({ parameters }: Stack): string | undefined {
  if (parameters['EndpointType'] === 'PRIVATE') {
    return 'a private API answers in its own network, which this machine may not be in';
  }
  if (parameters['AllowCidrs']) return 'this machine may be outside of --allow-cidr';
  return parameters['WafAclArn'] ? 'your web ACL may not let this machine in' : undefined;
}

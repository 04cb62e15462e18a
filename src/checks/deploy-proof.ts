import { commandLine } from '../cli/command-line.ts';
import type { CommandContext } from '../cli/options.ts';
import { AbortError, hint, isAbort, OperationError, UsageError } from '../cli/errors.ts';
import type { GivenCredentials } from '../endpoint/credentials.ts';
import type { Stack } from '../aws/stack.ts';
import type { StackRun } from '../stack/stack-run.ts';
import { proofEventLine } from './proof-lines.ts';
import { excuseOf, isNotAllowed } from './await-endpoint.ts';
import type { Proof, ProofEvent } from './proof.ts';
import { proveStack } from './prove-endpoint.ts';

/** How long an endpoint is asked that may have been told not to answer here. */
const SHORT_PATIENCE_MS = 5_000;

/** How to get the permission to call. */
const MAY_CALL = commandLine(['agentstream', 'iam-policy', '--for', 'run']);

/** The codes of a call that IAM refuses: API Gateway's is the longer one. */
const ACCESS_DENIED = /^AccessDenied(Exception)?$/;

/**
 * Proves the endpoint of a stack that has just been deployed, and tells how that goes: with `--json` every attempt and probe as a
 * line, else what a person has to know while waiting.
 * @param given a token, which the stack does not give
 * @param tries how many probes; by default as `proveEndpoint`
 * @returns undefined when it cannot be proved from here: no token, a quota that is used up, a deployer who may not call the API, or one
 * that need not let this machine in. That is said
 * @throws as `proveStack`; AbortError
 */
export async function proveDeploy(
  stack: Stack,
  { access, isJson, print, report }: StackRun,
  { signal }: CommandContext,
  given: GivenCredentials,
  tries?: number,
): Promise<Proof | undefined> {
  report({ type: 'step', text: 'proving that the endpoint streams' });
  const onEvent = (event: ProofEvent): void => {
    if (isJson) return print({ ...event });
    const text = proofEventLine(event);
    if (text !== undefined) report({ type: 'note', text });
  };
  const unproved = (why: string): undefined => {
    report({ type: 'note', text: `that it streams is not proved from here: ${why}` });
  };
  const closed = closedTo(stack);
  try {
    const proof = await proveStack(stack, access, {
      signal,
      onEvent,
      given,
      ...(tries !== undefined && { tries }),
      ...(closed !== undefined && { maxOutageMs: SHORT_PATIENCE_MS }),
    });
    if (proof.type !== 'not-serving') return proof;
    const excuse = excuseOf(proof.last);
    if (excuse !== undefined) return unproved(excuse);
    const isRefused = stack.outputs['AuthMode'] === 'iam' && isNotAllowed(proof.last);
    if (!isRefused && closed === undefined) return proof;
    return unproved(closed ?? `these credentials may not call the API (${MAY_CALL})`);
  } catch (error) {
    if (error instanceof UsageError && error.code === 'MISSING_TOKEN')
      return unproved('there is no token (--token-command, AGENTSTREAM_TOKEN or --token)');
    // The key is all that is read here in the person's name.
    if (error instanceof OperationError && ACCESS_DENIED.test(error.code))
      return unproved(`these credentials may not read the API key (${MAY_CALL})`);
    if (!isAbort(error)) throw error;
    throw new AbortError('interrupted', {
      hint: hint`the stack is complete, only its proof is not: ${['agentstream', 'deploy']} proves it again`,
      cause: error,
    });
  }
}

/** Why an API that serves may not serve this machine. */
function closedTo({ parameters }: Stack): string | undefined {
  if (parameters['EndpointType'] === 'PRIVATE')
    return 'a private API answers in its own network, which this machine may not be in';
  if (parameters['AllowCidrs']) return 'this machine may be outside of --allow-cidr';
  return parameters['WafAclArn'] ? 'your web ACL may not let this machine in' : undefined;
}

import type { AwsAccess } from '../aws/aws-access.ts';
import { endpointOf, stageUrl } from '../endpoint/endpoint.ts';
import type { Proofs } from '../endpoint/endpoint-auth.ts';
import type { Stack } from '../aws/describe-stack.ts';
import type { Proof } from './proof.ts';
import { type ProofOptions, proveEndpoint } from './prove-endpoint.ts';

/**
 * Proves the endpoint of a deployed stack, by the stage's own URL: DNS may not know of a custom domain yet. Its key or signature and the
 * flush mode that it is set to come from the stack.
 * @param options.proofs what the stack does not give: a token
 * @throws {UsageError} MISSING_TOKEN
 * @throws {OperationError} STACK_NOT_READY, or what AWS said when the key could not be read
 */
export async function proveStack(
  stack: Stack,
  access: AwsAccess,
  { proofs = {}, ...options }: Omit<ProofOptions, 'flushMode'> & { readonly proofs?: Proofs },
): Promise<Proof> {
  const endpoint = await endpointOf(stack, proofs, access);
  const url = stageUrl(stack, access);
  const flushMode = stack.parameters['FlushMode'];
  return proveEndpoint({ ...endpoint, url }, { ...options, flushMode });
}

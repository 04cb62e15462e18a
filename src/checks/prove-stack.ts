import type { AwsAccess } from '../aws/aws-access.ts';
import { type GivenCredentials, readCredentials } from '../endpoint/credentials.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import type { Stack } from '../aws/describe-stack.ts';
import type { Proof } from './proof.ts';
import { type ProofOptions, proveEndpoint } from './prove-endpoint.ts';

/**
 * Proves the endpoint of a deployed stack, by the stage's own URL: DNS may not know of a custom domain yet. Its key or signature and the
 * flush mode that it is set to come from the stack.
 * @param options.given a token, which the stack does not give
 * @throws {UsageError} MISSING_TOKEN
 * @throws {OperationError} STACK_NOT_READY, or what AWS said when the key could not be read
 */
export async function proveStack(
  stack: Stack,
  access: AwsAccess,
  {
    given = {},
    ...options
  }: Omit<ProofOptions, 'flushMode'> & { readonly given?: GivenCredentials },
): Promise<Proof> {
  const endpoint = endpointOf(stack, access);
  const auth = await readCredentials(endpoint, given);
  const { stageUrl: url, headers, idleLimitMs } = endpoint;
  const flushMode = stack.parameters['FlushMode'];
  return proveEndpoint({ url, auth, headers, idleLimitMs }, { ...options, flushMode });
}

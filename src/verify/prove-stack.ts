import type { AwsAccess } from '../aws-access.ts';
import { resolveEndpoint } from '../endpoint.ts';
import type { Stack } from '../stack/describe-stack.ts';
import type { Proof } from './proof.ts';
import { type ProofOptions, proveEndpoint } from './prove-endpoint.ts';

/**
 * Proves the endpoint of a deployed stack: its URL, its key or signature, and the flush mode that it is set to come from the stack.
 * @throws {OperationError} STACK_NOT_READY, or what AWS said when the key could not be read
 */
export async function proveStack(
  { name, parameters }: Stack,
  access: AwsAccess,
  options: Omit<ProofOptions, 'flushMode'>,
): Promise<Proof> {
  const endpoint = await resolveEndpoint({ stackName: name }, access);
  return proveEndpoint(endpoint, { ...options, flushMode: parameters['FlushMode'] });
}

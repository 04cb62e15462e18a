import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import type { Stack } from '../aws/describe-stack.ts';
import type { StackContext } from './stack-context.ts';

/**
 * Turns termination protection on or off; it is no part of a change set.
 * @param isWanted undefined leaves it as it is
 * @returns whether it had to be changed
 */
export async function protectStack(
  { client, patiently, onEvent }: StackContext,
  stack: Stack,
  isWanted: boolean | undefined,
): Promise<boolean> {
  if (isWanted === undefined || isWanted === stack.isProtected) return false;
  onEvent({ type: 'step', text: `turning termination protection ${isWanted ? 'on' : 'off'}` });
  await patiently(() =>
    client.send(
      new UpdateTerminationProtectionCommand({
        StackName: stack.id,
        EnableTerminationProtection: isWanted,
      }),
    ),
  );
  return true;
}

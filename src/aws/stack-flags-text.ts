import type { AwsAccess } from './aws-access.ts';
import { DEFAULT_STACK_NAME, type StackFlags } from '../cli/options.ts';

/** Flags that lead to the same stack, to be put behind a command that is printed: ` --stack-name x`, or nothing. */
export function stackFlagsText(
  flags: StackFlags,
  stackName: string,
  { region }: Pick<AwsAccess, 'region'>,
): string {
  return [
    flags.local ? ' --local' : '',
    stackName === DEFAULT_STACK_NAME ? '' : ` --stack-name ${stackName}`,
    region ? ` --region ${region}` : '',
    flags.profile ? ` --profile ${flags.profile}` : '',
  ].join('');
}

import { OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';
import { failureHint } from './failure-hint.ts';
import { redactArns } from '../aws/redact-arns.ts';
import type { StackContext } from './stack-context.ts';
import { readValidationFailures } from './validation-failure.ts';

/** The error for a change set that CloudFormation has refused, with what its validation has found. */
export async function changeSetFailure(
  { client, onEvent }: StackContext,
  changeSetId: string,
  reason: string,
): Promise<OperationError> {
  const failures = await readValidationFailures(client, changeSetId);
  for (const failure of failures) onEvent({ type: 'validation-failure', failure });
  const [first, ...more] = failures;
  if (!first) {
    const text = redactArns(reason);
    return new OperationError('CHANGE_SET_FAILED', `CloudFormation refused the change: ${text}`, {
      hint: failureHint(text),
    });
  }
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return new OperationError(
    'CHANGE_SET_FAILED',
    `${first.logicalId} (${first.resourceType}) would fail: ${first.reason} at ${first.path}${others}`,
    {
      hint: hint`${failureHint(first.reason) ?? 'mend the template'}; nothing was changed`,
    },
  );
}

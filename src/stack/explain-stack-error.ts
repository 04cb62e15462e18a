import { type AwsAccess, toOperationError } from '../aws/aws-access.ts';
import { AbortError, AgentstreamError, isAbort, OperationError } from '../cli/errors.ts';
import { type CommandWords, hint } from '../cli/hint.ts';
import { failureHint } from './failure-hint.ts';
import { passingTrouble } from '../aws/passing-trouble.ts';
import { redactArns } from '../aws/redact-arns.ts';
import { renewCredentials } from '../aws/renew-credentials.ts';

/** How a run stood when it failed. */
export interface StackRunState {
  readonly access: AwsAccess;
  /** An operation runs in AWS, whatever becomes of this process. */
  readonly hasBegun: boolean;
  /** The command that follows an operation that goes on in AWS. */
  readonly follow: CommandWords;
  /** The person has said stop. */
  readonly isInterrupted: boolean;
}

/** What ended a deploy or a destroy, in words for people: what to do, and what goes on without us. */
export function explainStackError(error: unknown, state: StackRunState): Error {
  const { access, hasBegun, follow, isInterrupted } = state;
  if (isAbort(error)) {
    const isOurs = error instanceof AgentstreamError;
    if (isOurs && (!isInterrupted || error.hint !== undefined)) return error;
    return new AbortError('interrupted', {
      hint: hasBegun
        ? hint`what was begun goes on in AWS; follow it with: ${follow}`
        : 'nothing was changed',
    });
  }
  if (error instanceof AgentstreamError) return error;
  // Anything else is a bug, and is told as one.
  if (!isFromSdk(error)) return error instanceof Error ? error : new Error(String(error));
  const known = toKnown(error, access);
  if (!(known instanceof OperationError)) return known;
  const isExpired = known.code === 'EXPIRED_CREDENTIALS';
  const cure = isExpired
    ? renewCredentials(access)
    : (known.hint ?? failureHint(known.message) ?? waitHint(error));
  const goesOn = hasBegun ? '; what was begun goes on in AWS' : '';
  return new OperationError(known.code, `${redactArns(known.message)}${goesOn}`, {
    hint: hasBegun ? hint`${cure ? hint`${cure}, then ` : ''}follow it with: ${follow}` : cure,
    cause: error,
  });
}

/** The SDK marks what the services answer and what its credential chain says; the rest has the codes of a broken network. */
function isFromSdk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isMarked = '$metadata' in error || '$fault' in error || 'tryNextLink' in error;
  return (
    isMarked || passingTrouble(error) !== undefined || /region is missing/i.test(error.message)
  );
}

/** A connection that broke has no name of its own in the SDK. */
function toKnown(error: unknown, access: AwsAccess): Error {
  const known = toOperationError(error, access);
  if (passingTrouble(error) !== 'network' || !(known instanceof OperationError)) return known;
  if (known.code === 'NO_CONNECTION') return known;
  const { name, code } = error as Error & { readonly code?: string };
  const where = access.endpointUrl ?? 'AWS';
  return new OperationError('NO_CONNECTION', `no connection to ${where} (${code ?? name})`);
}

function waitHint(error: unknown): string | undefined {
  return passingTrouble(error) === undefined ? undefined : 'try again: it is safe';
}

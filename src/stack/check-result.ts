import type { ErrorCode, ServiceCode } from '../cli/error-codes.ts';
import { OperationError } from '../cli/errors.ts';
import type { Hint } from '../cli/hint.ts';

/** What came of one check before anything is made. */
export interface CheckResult {
  readonly check:
    | 'credentials'
    | 'agent-runtime'
    | 'access-log-role'
    | 'certificate'
    | 'concurrency';
  /** `note`: it could not be checked, or is worth knowing. */
  readonly status: 'ok' | 'note' | 'failed';
  /** As in an error; of a failure. */
  readonly code?: ErrorCode | ServiceCode;
  /** A sentence: lower case, without an ARN. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: Hint | undefined;
}

/** @throws {OperationError} the first failure, as an error */
export function throwFailedCheck(results: readonly CheckResult[]): void {
  const failed = results.find(({ status }) => status === 'failed');
  if (!failed) return;
  throw new OperationError(failed.code ?? 'PREFLIGHT_FAILED', failed.text, { hint: failed.hint });
}

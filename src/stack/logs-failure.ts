import { OperationError } from '../cli/errors.ts';
import type { StackLogGroup } from './find-log-groups.ts';

export interface LogsFailure {
  readonly error: Error;
  /** The group is not there. */
  readonly isMissing: boolean;
  /** It may be over in a moment: throttling, a connection that is down. */
  readonly isPassing: boolean;
}

/**
 * What CloudWatch Logs meant, in our words (API reference, FilterLogEvents, errors).
 * @param explain turns any other error into one of ours
 */
export function logsFailure(
  error: unknown,
  { name, source }: StackLogGroup,
  explain: (error: unknown) => Error,
): LogsFailure {
  const code = error instanceof Error ? error.name : '';
  const detail = { cause: error };
  if (code === 'ResourceNotFoundException') {
    const missing = new OperationError(
      'LOG_GROUP_MISSING',
      `the log group of the ${source} is not there: ${name}`,
      { ...detail, hint: 'it was deleted behind the stack: destroy the stack and deploy it again' },
    );
    return { error: missing, isMissing: true, isPassing: false };
  }
  if (/^(Throttling|TooManyRequests|ServiceUnavailable|LimitExceeded)/.test(code)) {
    const throttled = new OperationError(
      'LOGS_THROTTLED',
      'CloudWatch Logs takes no more questions at the moment (5 a second and account)',
      { ...detail, hint: 'wait a moment; other tools that tail logs share the limit' },
    );
    return { error: throttled, isMissing: false, isPassing: true };
  }
  if (code.startsWith('AccessDenied')) {
    const denied = new OperationError(
      'LOGS_DENIED',
      `no permission to read the log group ${name}`,
      {
        ...detail,
        hint: 'the identity that you use needs logs:FilterLogEvents on it',
      },
    );
    return { error: denied, isMissing: false, isPassing: false };
  }
  const known = explain(error);
  const isPassing = known instanceof OperationError && known.code === 'NO_CONNECTION';
  return { error: known, isMissing: false, isPassing };
}

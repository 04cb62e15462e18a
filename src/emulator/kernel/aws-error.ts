/**
 * An error of an emulated service, in AWS's own words. Any other error is a bug of the emulator and is answered with 500
 * InternalFailure.
 */
export class AwsError extends Error {
  /** AWS's error code or exception name, for example `ValidationError` or `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Further members of a REST-JSON error body, for example `{Type: 'User'}`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** The error for a call that the emulator does not have. @param call for example `lambda call GET /path` */
export function unknownOperation(status: 400 | 404, call: string): AwsError {
  const message = `the emulator does not know the ${call}`;
  return new AwsError('UnknownOperationException', status, message);
}

/** CloudFormation's error for nearly every bad request. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}

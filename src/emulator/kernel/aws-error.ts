import { randomUUID } from 'node:crypto';

/** An error of an emulated service, in AWS's own words. Any other error is a bug of the emulator: 500 InternalFailure. */
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

/** The error of a resource, in the words of its status reason, as users report it. @param failure the `HandlerErrorCode` */
export function handlerError(failure: string, code: string, status: number, message: string, service: string): AwsError {
  const cause = `${message} (Service: ${service}, Status Code: ${status}, Request ID: ${randomUUID()})`;
  const reason = `Resource handler returned message: "${cause}" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${failure})`;
  return new AwsError(code, status, reason);
}

/** The error for a call that the emulator does not have. @param call for example `lambda call GET /path` */
export function unknownOperation(status: 400 | 404, call: string): AwsError {
  return new AwsError('UnknownOperationException', status, `the emulator does not support the ${call}`);
}

/** Makes errors of one code and status, in the words of each case. */
export function errorType(code: string, status: number) {
  return (message: string): AwsError => new AwsError(code, status, message);
}

/** CloudFormation's error for nearly every bad request. */
export const validationError = errorType('ValidationError', 400);
export const templateFormatError = (message: string) => validationError(`Template format error: ${message}`);
export const templateError = (message: string) => validationError(`Template error: ${message}`);

/** The words of AWS's services for a member that breaks a rule of the API model. @param value as the message quotes it, if it does */
export function brokenConstraint(member: string, value: string | undefined, rule: string): string {
  const quoted = value === undefined ? '' : ` ${value}`;
  return `1 validation error detected: Value${quoted} at '${member}' failed to satisfy constraint: Member must ${rule}`;
}

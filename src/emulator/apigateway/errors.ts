import { AwsError } from '../kernel/aws-error.ts';

/** Errors of the control plane (API Gateway API reference, "Errors"), in the words of the operation. */
export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', 400, message);
}

export function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', 404, message);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', 409, message);
}

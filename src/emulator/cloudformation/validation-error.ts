import { AwsError } from '../kernel/aws-error.ts';

/** The error that CloudFormation answers nearly every bad request with. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}

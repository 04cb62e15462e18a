import { AwsError } from '../kernel/aws-error.ts';

/** 400, with the field that is wrong (API model, ValidationException). */
export function validationError(field: string, message: string): AwsError {
  return new AwsError('ValidationException', 400, message, {
    reason: 'FieldValidationFailed',
    fieldList: [{ name: field, message }],
  });
}

/** 404 for a runtime, an endpoint or a session. */
export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, message);
}

/** 424: the container failed (developer guide, "Troubleshoot AgentCore Runtime"). */
export function runtimeClientError(message: string): AwsError {
  return new AwsError('RuntimeClientError', 424, message);
}

import { errorType } from '../kernel/aws-error.ts';

/** Errors of the control plane (API Gateway API reference, "Errors"), in the words of the operation. */
export const badRequest = errorType('BadRequestException', 400);
export const notFound = errorType('NotFoundException', 404);
export const conflict = errorType('ConflictException', 409);

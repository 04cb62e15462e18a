import { randomUUID } from 'node:crypto';
import type { AwsRequest } from '../kernel/aws-request.ts';
import { validationError } from './errors.ts';
import { SESSION_ID } from './limits.ts';

export const SESSION_HEADER = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id';

/**
 * The session of a call; undefined when the header is absent.
 * @throws {AwsError} ValidationException when it is too short, too long or has other characters
 */
export function readSessionId({ headers }: AwsRequest): string | undefined {
  const value = headers[SESSION_HEADER.toLowerCase()];
  if (typeof value !== 'string') return undefined;
  const { minLength, maxLength, pattern } = SESSION_ID;
  const broken =
    value.length < minLength
      ? `Member must have length greater than or equal to ${minLength}`
      : value.length > maxLength
        ? `Member must have length less than or equal to ${maxLength}`
        : pattern.test(value)
          ? undefined
          : `Member must satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`;
  if (broken === undefined) return value;
  throw validationError(
    'runtimeSessionId',
    `1 validation error detected: Value '${value}' at 'runtimeSessionId' failed to satisfy constraint: ${broken}`,
  );
}

/** A session id as AgentCore makes one for a call without: the microVM is new. */
export function newSessionId(): string {
  return randomUUID();
}

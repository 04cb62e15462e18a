import { AwsError } from '../../kernel/aws-error.ts';
import { type PolicyDocument, readPolicy, type Statement } from '../../iam/policy.ts';
import type { Properties } from '../../kernel/resource-provider.ts';

/**
 * The `Policy` of an API, an object or its text. A statement of a resource policy names whom it is about.
 * @throws {AwsError} BadRequestException (400) for what is no policy, or that the emulator does not evaluate
 */
export function readResourcePolicy(properties: Properties): PolicyDocument | undefined {
  const given = properties['Policy'];
  if (given === undefined) return undefined;
  const document = read(given);
  const statements = [document.Statement].flat() as readonly Statement[];
  const wrong = statements.length === 0 || statements.some(({ Principal }) => !Principal);
  if (wrong) {
    throw badRequest(
      'Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    );
  }
  return document;
}

function read(given: Parameters<typeof readPolicy>[0]): PolicyDocument {
  try {
    return readPolicy(given);
  } catch (error) {
    throw error instanceof AwsError ? badRequest(error.message) : error;
  }
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', 400, message);
}

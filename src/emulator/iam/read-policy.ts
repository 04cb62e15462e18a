import { AwsError } from '../kernel/aws-error.ts';
import type { Json } from '../kernel/resource-provider.ts';
import { isKnownOperator } from './conditions.ts';
import type { PolicyDocument, Statement } from './policy.ts';

const STATEMENT_MEMBERS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'Condition',
]);

/**
 * Takes a policy document, an object or its JSON text, when the emulator can evaluate all of it.
 * @throws {AwsError} MalformedPolicyDocument (400) that names what is missing, or what it does not evaluate
 */
export function readPolicy(value: Json | undefined): PolicyDocument {
  const document = parse(value) as PolicyDocument | undefined;
  const statements = document?.Statement;
  if (!statements) throw malformed('Missing required field Statement');
  for (const statement of [statements].flat() as readonly Statement[]) {
    const unknown = Object.keys(statement).find((key) => !STATEMENT_MEMBERS.has(key));
    if (unknown) throw malformed(`the emulator does not evaluate the policy member ${unknown}`);
    const operator = Object.keys(statement.Condition ?? {}).find((name) => !isKnownOperator(name));
    if (operator) throw malformed(`the emulator does not evaluate the condition ${operator}`);
  }
  return document;
}

function parse(value: Json | undefined): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw malformed('Syntax errors in policy.');
  }
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', 400, message);
}

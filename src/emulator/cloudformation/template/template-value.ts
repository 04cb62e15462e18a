import { isDeepStrictEqual } from 'node:util';
import { unknownMembers } from '../../kernel/properties.ts';
import type { Json } from '../../kernel/resource-provider.ts';
import { functionOf } from './intrinsics.ts';
import { templateFormatError, validationError } from '../../kernel/aws-error.ts';

type JsonObject = { readonly [key: string]: Json };

/** @throws {AwsError} ValidationError (400) when a part of a template is not an object */
export function requireObject(value: Json, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw templateFormatError(`[/${path}] Every ${path.split('/')[0]} object must be a map.`);
}

/** @param known separated by spaces. @throws {AwsError} ValidationError (400) that lists the unknown members */
export function refuseMembers(object: JsonObject, known: string, complaint: string): void {
  const unknown = unknownMembers(object, known);
  if (unknown.length > 0) throw validationError(`${complaint} [${unknown.join(', ')}]`);
}

/** @throws {AwsError} ValidationError (400) when a member is present and not text */
export function optionalText(object: JsonObject, name: string, path: string): string | undefined {
  const value = object[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw templateFormatError(`[/${path}/${name}] must be a string.`);
}

/** Refuses unknown functions, also in branches that no condition selects. @throws {AwsError} ValidationError (400) that names one */
export function checkFunctions(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) functionOf(value);
  for (const child of Object.values(value)) checkFunctions(child);
}

/** Whether two resolved values are equal. Scalars are compared as text: a number from a parameter is text, one from a template not. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return isDeepStrictEqual(withTextScalars(a), withTextScalars(b));
}

function withTextScalars(value: Json | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value === undefined ? value : String(value);
  if (Array.isArray(value)) return value.map(withTextScalars);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTextScalars(member)]));
}

import type { Json } from '../../kernel/resource-provider.ts';
import { functionOf } from './intrinsics.ts';
import { validationError } from '../validation-error.ts';

type JsonObject = { readonly [key: string]: Json };

/** @throws {AwsError} ValidationError (400) when a part of a template is no object */
export function requireObject(value: Json, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw validationError(
    `Template format error: [/${path}] Every ${path.split('/')[0]} object must be a map.`,
  );
}

/** @throws {AwsError} ValidationError (400) that lists the members which are not known */
export function refuseMembers(
  object: JsonObject,
  known: readonly string[],
  complaint: string,
): void {
  const unknown = Object.keys(object).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw validationError(`${complaint} [${unknown.join(', ')}]`);
}

/** @throws {AwsError} ValidationError (400) when a member is there and no text */
export function optionalText(object: JsonObject, name: string, path: string): string | undefined {
  const value = object[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw validationError(`Template format error: [/${path}/${name}] must be a string.`);
}

/**
 * Refuses intrinsic functions that the emulator does not know, wherever they stand: also in branches that no condition
 * chooses.
 * @throws {AwsError} ValidationError (400) that names the function
 */
export function checkFunctions(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) functionOf(value);
  for (const child of Object.values(value)) checkFunctions(child);
}

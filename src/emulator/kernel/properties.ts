import { AwsError } from './aws-error.ts';
import type { Json, Properties } from './resource-provider.ts';

/**
 * Typed reads of resource properties. CloudFormation passes parameters as text, so "900" is an integer and "true" a boolean where the
 * schema wants one.
 * @throws {AwsError} ValidationError (400) that names the property, when the value has another type
 */
export function readString(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (typeof value === 'object') throw wrongType(name, 'String', value);
  return String(value);
}

/** @throws {AwsError} ValidationError when it is absent or not text */
export function requireString(properties: Properties, name: string): string {
  const value = readString(properties, name);
  if (value === undefined)
    throw new AwsError('ValidationError', 400, `#: required key [${name}] not found`);
  return value;
}

export function readNumber(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw wrongType(name, 'Number', value);
  return number;
}

export function readBoolean(properties: Properties, name: string): boolean | undefined {
  const value = properties[name];
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrongType(name, 'Boolean', value);
}

export function readObject(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(name, 'JSONObject', value);
  return value;
}

export function readList(properties: Properties, name: string): readonly Json[] | undefined {
  const value = properties[name];
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongType(name, 'JSONArray', value);
}

/** An object of texts, such as environment variables or response parameters. */
export function readStringMap(
  properties: Properties,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const object = readObject(properties, name);
  if (!object) return undefined;
  return Object.fromEntries(Object.keys(object).map((key) => [key, requireString(object, key)]));
}

/**
 * Refuses members of a nested object that its reader does not know.
 * @throws {AwsError} ValidationError that names the first of them
 */
export function refuseUnknown(object: Properties, path: string, known: readonly string[]): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown) {
    throw new AwsError(
      'ValidationError',
      400,
      `#/${path}: the emulator does not support the property [${unknown}]`,
    );
  }
}

function wrongType(name: string, expected: string, value: Json): AwsError {
  const found = Array.isArray(value) ? 'JSONArray' : value === null ? 'Null' : typeof value;
  return new AwsError(
    'ValidationError',
    400,
    `#/${name}: expected type: ${expected}, found: ${found}`,
  );
}

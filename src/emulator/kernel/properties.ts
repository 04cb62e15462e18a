import { randomInt } from 'node:crypto';
import { validationError } from './aws-error.ts';
import type { Json, Properties, ResourceContext, ResourceStep } from './resource-provider.ts';

/**
 * Typed reads of resource properties; undefined for a property that is absent. CloudFormation passes parameters as text, so "900" is an
 * integer and "true" a boolean where the schema wants one.
 * @throws {AwsError} ValidationError (400) that names the property, when the value has another type
 */
export const read = {
  string(properties: Properties, name: string): string | undefined {
    const value = properties[name];
    if (value === undefined) return undefined;
    if (typeof value === 'object') throw wrongType(name, 'String', value);
    return String(value);
  },
  /** Text. @throws {AwsError} ValidationError (400) also when it is absent */
  required(properties: Properties, name: string): string {
    const value = read.string(properties, name);
    if (value === undefined) throw validationError(`#: required key [${name}] not found`);
    return value;
  },
  number(properties: Properties, name: string): number | undefined {
    const value = properties[name];
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw wrongType(name, 'Number', value);
  },
  boolean(properties: Properties, name: string): boolean | undefined {
    const value = properties[name];
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw wrongType(name, 'Boolean', value);
  },
  /** @param known the members that its reader knows, see `refuseUnknown`; all by default */
  object(properties: Properties, name: string, known?: string): Properties | undefined {
    const value = properties[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(name, 'JSONObject', value);
    if (known !== undefined) refuseUnknown(value, name, known);
    return value;
  },
  list(properties: Properties, name: string): readonly Json[] | undefined {
    const value = properties[name];
    if (value === undefined || Array.isArray(value)) return value;
    throw wrongType(name, 'JSONArray', value);
  },
  /** A list of objects, empty when it is absent. @param known as for `object` */
  objects(properties: Properties, name: string, known?: string): Properties[] {
    const objects = (read.list(properties, name) ?? []) as Properties[];
    if (known !== undefined) for (const each of objects) refuseUnknown(each, name, known);
    return objects;
  },
  /** A list of texts, empty when it is absent. */
  strings(properties: Properties, name: string): string[] {
    return (read.list(properties, name) ?? []).map(String);
  },
  /** An object of texts, such as environment variables or response parameters. */
  stringMap(properties: Properties, name: string): Readonly<Record<string, string>> | undefined {
    const object = read.object(properties, name);
    if (!object) return undefined;
    return Object.fromEntries(Object.keys(object).map((key) => [key, read.required(object, key)]));
  },
  /** The `Tags` of a resource, a list of `Key` and `Value`, as the map that the API returns. */
  tags(properties: Properties): Readonly<Record<string, string>> {
    const tags = read.objects(properties, 'Tags', 'Key Value');
    return Object.fromEntries(tags.map((tag) => [read.required(tag, 'Key'), read.required(tag, 'Value')]));
  },
};

/** A value as one of a set. @param refuse the error for any other; it gets the value */
export function oneOf<T extends string>(value: Json | undefined, set: readonly T[], refuse: (value: string) => Error): T {
  const known = set.find((each) => each === value);
  if (known === undefined) throw refuse(typeof value === 'string' ? value : JSON.stringify(value));
  return known;
}

/** The members of a JSON object; undefined for any other text. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** @param known names of members, separated by spaces. @throws {AwsError} ValidationError that names the first unknown member */
export function refuseUnknown(object: Properties, path: string, known: string): void {
  const [unknown] = unknownMembers(object, known);
  if (unknown === undefined) return;
  throw validationError(`#/${path}: the emulator does not support the property [${unknown}]`);
}

/** The members of an object that are not among the known ones. @param known separated by spaces */
export function unknownMembers(object: object, known: string): string[] {
  const names = known.split(' ');
  return Object.keys(object).filter((key) => !names.includes(key));
}

function wrongType(name: string, expected: string, value: Json) {
  const found = Array.isArray(value) ? 'JSONArray' : value === null ? 'Null' : typeof value;
  return validationError(`#/${name}: expected type: ${expected}, found: ${found}`);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LOWER_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** CloudFormation's generated name, `{stack}-{logical id}-{12 random characters}`, with the first two shortened to `maxLength`. */
export function generatePhysicalName(context: ResourceContext, maxLength = 64): string {
  const { stackName, logicalId, nameSuffix, namePrefix = `${stackName}-${logicalId}` } = context;
  return `${namePrefix.slice(0, maxLength - nameSuffix.length - 1)}-${nameSuffix}`;
}

/** The physical id of a resource, or the name in this property (such as `FunctionName`), or a generated one. */
export function resourceName(
  { physicalId, properties, context }: Pick<ResourceStep, 'physicalId' | 'properties' | 'context'>,
  property: string,
  maxLength?: number,
): string {
  return physicalId ?? read.string(properties, property) ?? generatePhysicalName(context, maxLength);
}

/** The random end of such a name. */
export function generateNameSuffix(): string {
  return randomText(ALPHABET, 12);
}

/** A ten-character lower-case id, as API Gateway has for APIs, resources, keys and plans. */
export function generateShortId(length = 10): string {
  return randomText(LOWER_ALPHABET, length);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

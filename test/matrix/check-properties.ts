import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType } from '@aws-cdk/service-spec-types';

const spec = loadAwsServiceSpecSync();

/** Intrinsics whose value only AWS knows: any text, number or list may come of them. */
const INTRINSIC = /^(Ref|Fn::\w+)$/;

/**
 * Holds a resource against the schema that CloudFormation has for its type: names, required properties, kinds of values and listed
 * values.
 * @returns what is wrong, with the path of each
 */
export function checkProperties(type: string, properties: unknown): string[] {
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  if (!resource) return [`${type} is no resource type`];
  return checkMembers(type, properties, resource.properties);
}

function checkMembers(path: string, value: unknown, properties: Readonly<Record<string, Property>>): string[] {
  if (!isObject(value)) return [`${path} is no object`];
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required && !(name in value))
    .map(([name]) => `${path}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, each]) => {
    const property = properties[name];
    return property ? checkValue(`${path}.${name}`, each, property.type) : [`${path}.${name} is unknown`];
  });
  return [...missing, ...wrong];
}

function checkValue(path: string, value: unknown, type: PropertyType): string[] {
  if (isIntrinsic(value)) return [];
  switch (type.type) {
    case 'array':
      if (!Array.isArray(value)) return [`${path} is no list`];
      return value.flatMap((each, index) => checkValue(`${path}[${index}]`, each, type.element));
    case 'map':
      if (!isObject(value)) return [`${path} is no map`];
      return Object.entries(value).flatMap(([name, each]) => checkValue(`${path}.${name}`, each, type.element));
    case 'ref': {
      const definition = spec.get('typeDefinition', type.reference);
      return checkMembers(path, value, definition.properties);
    }
    case 'union': {
      const attempts = type.types.map((each) => checkValue(path, value, each));
      return attempts.some((each) => each.length === 0) ? [] : (attempts[0] ?? []);
    }
    case 'json':
    case 'tag':
    case 'null':
      return [];
    default:
      return checkScalar(path, value, type);
  }
}

function checkScalar(path: string, value: unknown, type: PropertyType): string[] {
  const text = String(value);
  const isFit =
    type.type === 'boolean'
      ? text === 'true' || text === 'false'
      : type.type === 'integer'
        ? /^-?\d+$/.test(text)
        : type.type === 'number'
          ? text !== '' && Number.isFinite(Number(text))
          : typeof value !== 'object';
  if (!isFit) return [`${path} is no ${type.type}: ${JSON.stringify(value)}`];
  const allowed = 'allowedValues' in type ? (type.allowedValues as readonly unknown[]) : undefined;
  return allowed && !allowed.map(String).includes(text) ? [`${path} is none of ${allowed.join(', ')}: ${text}`] : [];
}

function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && INTRINSIC.test(names[0] ?? '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Json } from '../../kernel/resource-provider.ts';
import { parseSubstitution, splitAttribute, splitSubstitutionName } from './references.ts';
import { templateError } from '../../kernel/aws-error.ts';

/** Value of `Ref: AWS::NoValue`: it removes the member that holds it. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Placeholder in a change set for values that only the execution gives (API reference, ResourceChange, AfterContext). */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

export type Resolved = Json | typeof NO_VALUE;

/** Resolves the names in the functions of a template. Unknown names throw ValidationError. */
export interface Scope {
  /** A parameter, a pseudo parameter or the `Ref` of a resource. */
  ref(name: string): Resolved;
  attribute(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  mapping(name: string): Json | undefined;
}

type Intrinsic = (argument: Json, scope: Scope) => Resolved;

/** The intrinsic functions that return a value; condition functions are in conditions.ts. */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(text('Ref', argument)),
  'Fn::GetAtt': (argument, scope) => {
    const { name, attribute } = splitAttribute(argument);
    return scope.attribute(name, attribute);
  },
  'Fn::Sub': substitute,
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list('Fn::If', argument, 3);
    const branch = scope.condition(text('Fn::If', condition)) ? whenTrue : whenFalse;
    return resolve(branch as Json, scope);
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list('Fn::Join', argument, 2);
    return items('Fn::Join', parts, scope)
      .map((part) => text('Fn::Join', part))
      .join(text('Fn::Join', delimiter));
  },
  'Fn::Select': (argument, scope) => {
    const [index, from] = list('Fn::Select', argument, 2);
    const values = items('Fn::Select', from, scope);
    const chosen = values[Number(text('Fn::Select', resolve(index as Json, scope)))];
    if (chosen !== undefined) return chosen;
    if (values.includes(KNOWN_AFTER_APPLY)) return KNOWN_AFTER_APPLY;
    throw templateError('Fn::Select cannot select nonexistent value at index');
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = list('Fn::Split', argument, 2);
    const value = text('Fn::Split', resolve(source as Json, scope));
    if (value.includes(KNOWN_AFTER_APPLY)) return [KNOWN_AFTER_APPLY];
    return value.split(text('Fn::Split', delimiter));
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text('Fn::Base64', resolve(argument, scope))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map = '', first, second] = list('Fn::FindInMap', argument, 3).map((key) => text('Fn::FindInMap', resolve(key, scope)));
    const found = member(member(scope.mapping(map), first), second);
    if (found !== undefined) return found;
    throw templateError(`Unable to get mapping for ${map}::${first ?? ''}::${second ?? ''}`);
  },
};

/** Resolves the functions in a value, without what is `AWS::NoValue`. @throws {AwsError} ValidationError (400) that names one */
export function resolve(value: Json, scope: Scope): Resolved {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item): item is Json => item !== NO_VALUE);
  const name = functionOf(value);
  if (name) return (INTRINSICS[name] as Intrinsic)(value[name] as Json, scope);
  const members = Object.entries(value).map(([key, child]) => [key, resolve(child, scope)] as const);
  return Object.fromEntries(members.filter((entry): entry is readonly [string, Json] => entry[1] !== NO_VALUE));
}

/** The function that an object calls, if any. @throws {AwsError} ValidationError (400) that names an unknown function */
export function functionOf(object: { readonly [key: string]: Json }): string | undefined {
  const keys = Object.keys(object);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined || (name === 'Ref' && keys.length > 1)) return undefined;
  if (!Object.hasOwn(INTRINSICS, name)) throw templateError(`the emulator does not support the intrinsic function ${name} here`);
  if (keys.length > 1) throw templateError(`${name} must be the only key`);
  return name;
}

function substitute(argument: Json, scope: Scope): Json {
  const [source, variables] = Array.isArray(argument) ? list('Fn::Sub', argument, 2) : [argument, {}];
  const own = variables as { [name: string]: Json };
  const value = (name: string): Resolved => {
    const variable = own[name];
    if (variable !== undefined) return resolve(variable, scope);
    const reference = splitSubstitutionName(name);
    if (reference.attribute === undefined) return scope.ref(reference.name);
    return scope.attribute(reference.name, reference.attribute);
  };
  return parseSubstitution(text('Fn::Sub', source))
    .map((part) => (part.type === 'text' ? part.text : text(`Fn::Sub`, value(part.name), part.name)))
    .join('');
}

function items(name: string, value: Json | undefined, scope: Scope): readonly Json[] {
  const resolved = resolve(value as Json, scope);
  if (Array.isArray(resolved)) return resolved;
  if (resolved === KNOWN_AFTER_APPLY) return [resolved];
  throw templateError(`${name} requires a list`);
}

function list(name: string, value: Json | undefined, length: number): readonly Json[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw templateError(`every ${name} object requires ${length} parameters`);
}

function text(name: string, value: Resolved | undefined, variable?: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const what = variable === undefined ? 'an argument' : `variable ${variable}`;
  throw templateError(`${what} in ${name} expression does not resolve to a string`);
}

function member(value: Json | undefined, key: string | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return key !== undefined && Object.hasOwn(value, key) ? value[key] : undefined;
}

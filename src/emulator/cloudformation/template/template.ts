import { oneOf } from '../../kernel/properties.ts';
import type { Json } from '../../kernel/resource-provider.ts';
import type { CloudFormationLimits } from '../limits.ts';
import { PSEUDO_PARAMETERS, readParameter } from './parameters.ts';
import { findReferences, refuseUnresolved } from './references.ts';
import { parseTemplateText } from './template-text.ts';
import { checkFunctions, optionalText, refuseMembers, requireObject } from './template-value.ts';
import { brokenConstraint, templateError, templateFormatError, validationError } from '../../kernel/aws-error.ts';

/** A template before anything in it is resolved. */
export type Template = Readonly<ReturnType<typeof parseTemplate>>;

const SECTIONS = 'AWSTemplateFormatVersion Description Metadata Parameters Mappings Conditions Resources Outputs';

/** Sections that AWS has and the emulator does not. */
const UNSUPPORTED_SECTIONS = ['Transform', 'Rules', 'Hooks'];

/** The only version (user guide, "CloudFormation template format version syntax"). */
const FORMAT_VERSION = '2010-09-09';

/** Checks all of a JSON or YAML template that needs no parameter values. @throws {AwsError} ValidationError (400) */
export function parseTemplate(body: string, limits: CloudFormationLimits) {
  const bytes = Buffer.byteLength(body);
  const rule = `have length less than or equal to ${limits.templateBodyBytes}`;
  if (bytes < 1 || bytes > limits.templateBodyBytes) throw validationError(brokenConstraint('templateBody', undefined, rule));
  const root = parseTemplateText(body);
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw templateFormatError('unsupported structure.');
  const unsupported = UNSUPPORTED_SECTIONS.find((name) => Object.hasOwn(root, name));
  if (unsupported) throw templateFormatError(`the emulator does not support the template section ${unsupported}`);
  refuseMembers(root, SECTIONS, 'Invalid template property or properties');

  const version = root['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== FORMAT_VERSION)
    throw templateFormatError('unsupported value for AWSTemplateFormatVersion.');
  const description = root['Description'];
  if (description !== undefined && typeof description !== 'string') throw templateFormatError('Description must be a string.');

  const template = {
    body,
    description,
    version,
    metadata: root['Metadata'],
    parameters: readSection(root['Parameters'], 'Parameters', limits.parameters, readParameter),
    mappings: requireObject(root['Mappings'] ?? {}, 'Mappings'),
    conditions: requireObject(root['Conditions'] ?? {}, 'Conditions'),
    resources: readSection(root['Resources'], 'Resources', limits.resources, readResource),
    outputs: readSection(root['Outputs'], 'Outputs', limits.outputs, readOutput),
  };
  if (template.resources.size === 0) throw templateFormatError('At least one Resources member must be defined.');
  return template;
}

function readSection<T>(
  value: Json | undefined,
  section: string,
  limit: number,
  read: (name: string, definition: { readonly [key: string]: Json }) => T,
): ReadonlyMap<string, T> {
  const entries = Object.entries(requireObject(value ?? {}, section));
  if (entries.length > limit)
    throw templateFormatError(`Number of ${section.toLowerCase()}, ${entries.length}, is greater than maximum allowed, ${limit}`);
  return new Map(
    entries.map(([name, definition]) => {
      if (!/^[A-Za-z0-9]+$/.test(name)) throw templateFormatError(`${section.slice(0, -1)} name ${name} is non alphanumeric.`);
      return [name, read(name, requireObject(definition, `${section}/${name}`))];
    }),
  );
}

/** A member of the `Outputs` section, not resolved. @throws {AwsError} ValidationError (400) that names the output; exports are not supported */
function readOutput(name: string, definition: { readonly [key: string]: Json }) {
  const path = `Outputs/${name}`;
  if (Object.hasOwn(definition, 'Export'))
    throw templateFormatError(`the emulator does not support the Export of output ${name}`);
  refuseMembers(definition, 'Value Description Condition', `Invalid template output property of ${name}`);
  const value = definition['Value'];
  if (value === undefined) throw templateFormatError(`[/${path}] Every Outputs member must contain a Value object`);
  checkFunctions(value);
  return {
    value,
    description: optionalText(definition, 'Description', path),
    condition: optionalText(definition, 'Condition', path),
  };
}

const MEMBERS = 'Type Properties DependsOn Condition Metadata DeletionPolicy UpdateReplacePolicy';

/** A member of the `Resources` section (user guide, "Resource attribute reference"). Its properties and metadata are not resolved. */
export type ResourceDefinition = Readonly<ReturnType<typeof readResource>>;

/** @throws {AwsError} ValidationError (400) that names the resource and its error */
function readResource(name: string, definition: { readonly [key: string]: Json }) {
  const path = `Resources/${name}`;
  refuseMembers(definition, MEMBERS, `Invalid template resource property of ${name}`);
  const type = optionalText(definition, 'Type', path);
  if (type === undefined) throw templateFormatError(`[/${path}] Every Resources object must contain a Type member.`);
  const properties = requireObject(definition['Properties'] ?? {}, `${path}/Properties`);
  checkFunctions(properties);
  return {
    type,
    properties,
    dependsOn: readDependsOn(definition['DependsOn'] ?? [], path),
    condition: optionalText(definition, 'Condition', path),
    metadata: definition['Metadata'],
    deletionPolicy: readDeletionPolicy(definition, name, 'DeletionPolicy', ['Delete', 'Retain', 'RetainExceptOnCreate']),
    updateReplacePolicy: readDeletionPolicy(definition, name, 'UpdateReplacePolicy', ['Delete', 'Retain']),
  };
}

function readDependsOn(value: Json, path: string): readonly string[] {
  const names = Array.isArray(value) ? value : [value];
  return names.map((name) => {
    if (typeof name === 'string') return name;
    throw templateFormatError(`[/${path}] Every DependsOn value must be a string.`);
  });
}

function readDeletionPolicy<T extends string>(
  definition: { readonly [key: string]: Json },
  name: string,
  member: string,
  policies: readonly [T, ...T[]],
): T {
  const value = definition[member] ?? policies[0];
  const problem = `the emulator does not support the ${member} ${JSON.stringify(value)} of resource ${name}`;
  return oneOf(value, policies, () => templateFormatError(problem));
}

/** Checks that every reference exists, in any branch. @throws {AwsError} ValidationError (400) that names the missing ones */
export function checkReferences(template: Template): void {
  const resources = [...template.resources.values()];
  const outputs = [...template.outputs.values()];
  const properties = resources.map((resource) => resource.properties as Json);
  const values = outputs.map(({ value }) => value);
  const dependsOn = resources.flatMap((resource) => resource.dependsOn);
  checkBlock(template, 'Resources', properties, dependsOn);
  checkBlock(template, 'Outputs', values, []);
  const conditions = [...resources, ...outputs].flatMap(({ condition }) => condition ?? []);
  const named = [...conditions, ...[...properties, ...values].flatMap(conditionsOf)];
  const unknown = named.find((name) => !Object.hasOwn(template.conditions, name));
  if (unknown !== undefined)
    throw templateFormatError(`Unresolved dependencies [${unknown}]. No such condition in the Conditions block of the template`);
}

function checkBlock(template: Template, block: string, values: readonly Json[], dependsOn: readonly string[]): void {
  const isParameter = (name: string) => template.parameters.has(name) || PSEUDO_PARAMETERS.includes(name);
  const references = values.flatMap((value) => findReferences(value));
  const missing = references.filter(({ name }) => !template.resources.has(name));
  const attribute = missing.find((reference) => reference.attribute !== undefined);
  if (attribute) throw templateError(`instance of Fn::GetAtt references undefined resource ${attribute.name}`);
  const names = [
    ...dependsOn.filter((name) => !template.resources.has(name)),
    ...missing.map(({ name }) => name).filter((name) => !isParameter(name)),
  ];
  refuseUnresolved(names, block);
}

/** The conditions in the `Fn::If` functions of a value. */
function conditionsOf(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(conditionsOf);
  return Object.entries(value).flatMap(([key, child]) => {
    const [condition] = key === 'Fn::If' && Array.isArray(child) ? child : [];
    // An `Fn::If` whose condition is not a name fails when it is resolved.
    return [...(typeof condition === 'string' ? [condition] : []), ...conditionsOf(child)];
  });
}

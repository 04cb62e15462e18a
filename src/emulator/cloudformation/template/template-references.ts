import type { Json } from '../../kernel/resource-provider.ts';
import { PSEUDO_PARAMETERS } from './parameters.ts';
import { findReferences, refuseUnresolved } from './references.ts';
import type { Template } from './template.ts';
import { templateError, templateFormatError } from '../../kernel/aws-error.ts';

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
  if (unknown !== undefined) {
    throw templateFormatError(`Unresolved dependencies [${unknown}]. No such condition in the Conditions block of the template`);
  }
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

import type { Json } from '../../kernel/resource-provider.ts';
import { PSEUDO_PARAMETERS } from './parameters.ts';
import { findReferences } from './references.ts';
import type { Template } from './template.ts';
import { templateError, templateFormatError } from '../../kernel/aws-error.ts';

/** Checks that every reference exists, in any branch. @throws {AwsError} ValidationError (400) that names the missing ones */
export function checkReferences(template: Template): void {
  const resources = [...template.resources.values()];
  const outputs = [...template.outputs.values()];
  checkBlock(
    template,
    'Resources',
    resources.map(({ properties }) => properties as Json),
    resources.flatMap(({ dependsOn }) => dependsOn),
  );
  checkBlock(
    template,
    'Outputs',
    outputs.map(({ value }) => value),
    [],
  );
  const conditions = [...resources, ...outputs].flatMap(({ condition }) => condition ?? []);
  const values = [
    ...resources.map((resource) => resource.properties as Json),
    ...outputs.map((output) => output.value),
  ];
  const unknown = [...conditions, ...values.flatMap(conditionsOf)].find(
    (name) => !Object.hasOwn(template.conditions, name),
  );
  if (unknown !== undefined) {
    throw templateFormatError(
      `Unresolved dependencies [${unknown}]. No such condition in the Conditions block of the template`,
    );
  }
}

function checkBlock(template: Template, block: string, values: readonly Json[], dependsOn: readonly string[]): void {
  const isParameter = (name: string) =>
    template.parameters.has(name) || PSEUDO_PARAMETERS.some((pseudo) => pseudo === name);
  const references = values.flatMap((value) => findReferences(value));
  const ofResources = references.filter(
    ({ name, attribute }) => attribute !== undefined && !template.resources.has(name),
  );
  if (ofResources[0])
    throw templateError(`instance of Fn::GetAtt references undefined resource ${ofResources[0].name}`);
  const names = [
    ...dependsOn.filter((name) => !template.resources.has(name)),
    ...references.filter(({ name }) => !template.resources.has(name) && !isParameter(name)).map(({ name }) => name),
  ];
  if (names.length > 0) {
    throw templateFormatError(
      `Unresolved resource dependencies [${[...new Set(names)].join(', ')}] in the ${block} block of the template`,
    );
  }
}

/** The conditions in the `Fn::If` functions of a value. */
function conditionsOf(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(conditionsOf);
  return Object.entries(value).flatMap(([key, child]) => {
    const own = key === 'Fn::If' && Array.isArray(child) ? conditionName(child[0]) : [];
    return [...own, ...conditionsOf(child)];
  });
}

/** An `Fn::If` whose condition is not a name fails when it is resolved. */
function conditionName(value: Json | undefined): string[] {
  return typeof value === 'string' ? [value] : [];
}

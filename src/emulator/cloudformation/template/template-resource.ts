import type { Json } from '../../kernel/resource-provider.ts';
import { checkFunctions, optionalText, refuseMembers, requireObject } from './template-value.ts';
import { templateFormatError } from '../../kernel/aws-error.ts';

const MEMBERS = 'Type Properties DependsOn Condition Metadata DeletionPolicy UpdateReplacePolicy';

/** A member of the `Resources` section (user guide, "Resource attribute reference"). Its properties and metadata are not resolved. */
export type ResourceDefinition = Readonly<ReturnType<typeof readResource>>;

/** @throws {AwsError} ValidationError (400) that names the resource and its error */
export function readResource(name: string, definition: { readonly [key: string]: Json }) {
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
  const policy = policies.find((known) => known === value);
  if (policy) return policy;
  throw templateFormatError(`the emulator does not support the ${member} ${JSON.stringify(value)} of resource ${name}`);
}

import type { Json } from '../../kernel/resource-provider.ts';
import { optionalText, refuseMembers } from './template-value.ts';
import { templateFormatError } from '../../kernel/aws-error.ts';

/** A member of the `Parameters` section (user guide, "CloudFormation template Parameters syntax"). */
export interface ParameterDefinition {
  readonly type: 'String' | 'Number' | 'CommaDelimitedList' | 'List<Number>';
  readonly defaultText: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
  readonly constraintDescription: string | undefined;
  readonly description: string | undefined;
  readonly noEcho: boolean;
}

const TYPES = ['String', 'Number', 'CommaDelimitedList', 'List<Number>'] as const;

const MEMBERS =
  'Type Default AllowedValues AllowedPattern MinLength MaxLength MinValue MaxValue ConstraintDescription Description NoEcho';

/** @throws {AwsError} ValidationError (400) that names the parameter and its error */
export function readParameter(name: string, definition: { readonly [key: string]: Json }): ParameterDefinition {
  const path = `Parameters/${name}`;
  refuseMembers(definition, MEMBERS, `Invalid template parameter property of ${name}`);
  const text = (member: string) => optionalText(definition, member, path);
  const number = (member: string) => {
    const value = text(member);
    if (value === undefined) return undefined;
    if (!Number.isFinite(Number(value))) throw templateFormatError(`[/${path}/${member}] must be a number.`);
    return Number(value);
  };
  const typeName = text('Type');
  const type = TYPES.find((known) => known === typeName);
  if (!type) throw templateFormatError(`Unrecognized parameter type: ${typeName ?? 'none'} of parameter ${name}`);
  const allowedValues = definition['AllowedValues'];
  if (allowedValues !== undefined && !Array.isArray(allowedValues))
    throw templateFormatError(`[/${path}/AllowedValues] must be a list.`);
  return {
    type,
    defaultText: scalarText(definition['Default']) ?? text('Default'),
    allowedValues: allowedValues?.map((value) => scalarText(value) ?? JSON.stringify(value)),
    allowedPattern: text('AllowedPattern'),
    minLength: number('MinLength'),
    maxLength: number('MaxLength'),
    minValue: number('MinValue'),
    maxValue: number('MaxValue'),
    constraintDescription: text('ConstraintDescription'),
    description: text('Description'),
    noEcho: scalarText(definition['NoEcho']) === 'true',
  };
}

/** YAML's `true` is the same as the text "true". */
function scalarText(value: Json | undefined): string | undefined {
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

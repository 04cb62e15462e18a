import { oneOf } from '../../kernel/properties.ts';
import type { Json } from '../../kernel/resource-provider.ts';
import { AwsError, templateFormatError, validationError } from '../../kernel/aws-error.ts';
import type { CloudFormationLimits } from '../limits.ts';
import { optionalText, refuseMembers } from './template-value.ts';
import type { Place } from '../../kernel/place.ts';
import { NO_VALUE, type Resolved } from './intrinsics.ts';

const TYPES = ['String', 'Number', 'CommaDelimitedList', 'List<Number>'] as const;

const MEMBERS =
  'Type Default AllowedValues AllowedPattern MinLength MaxLength MinValue MaxValue ConstraintDescription Description NoEcho';

/** A member of the `Parameters` section (user guide, "CloudFormation template Parameters syntax"). */
export type ParameterDefinition = Readonly<ReturnType<typeof readParameter>>;

/** @throws {AwsError} ValidationError (400) that names the parameter and its error */
export function readParameter(name: string, definition: { readonly [key: string]: Json }) {
  const path = `Parameters/${name}`;
  refuseMembers(definition, MEMBERS, `Invalid template parameter property of ${name}`);
  const text = (member: string) => optionalText(definition, member, path);
  const number = (member: string) => {
    const value = text(member);
    if (value === undefined) return undefined;
    if (!Number.isFinite(Number(value))) throw templateFormatError(`[/${path}/${member}] must be a number.`);
    return Number(value);
  };
  const typeName = text('Type') ?? 'none';
  const type = oneOf(typeName, TYPES, () => templateFormatError(`Unrecognized parameter type: ${typeName} of parameter ${name}`));
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

/** A parameter in a request. */
export type GivenParameter = { readonly key: string; readonly value: string | undefined; readonly usePreviousValue: boolean };

export interface ParameterValue {
  /** As given, before lists are split. */
  readonly text: string;
  /** Value of `Ref`: text, or a list. */
  readonly value: Json;
  readonly noEcho: boolean;
}

/** The text shown in place of a NoEcho value (user guide, "Parameters", NoEcho). */
const MASK = '****';

/** The given value of each parameter, or the stack's previous one, or the default. @throws {AwsError} ValidationError (400) */
export function resolveParameters(
  definitions: ReadonlyMap<string, ParameterDefinition>,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, ParameterValue> | undefined,
  limits: CloudFormationLimits,
): ReadonlyMap<string, ParameterValue> {
  const unknown = given.filter(({ key }) => !definitions.has(key)).map(({ key }) => key);
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const duplicate = given.find(({ key }, index) => given.findIndex((other) => other.key === key) < index);
  if (duplicate) throw validationError(`Parameter '${duplicate.key}' is given twice`);

  const texts = new Map<string, string | undefined>();
  for (const [name, definition] of definitions) {
    const parameter = given.find(({ key }) => key === name);
    texts.set(name, parameter ? textOf(parameter, previous) : definition.defaultText);
  }
  const missing = [...texts].filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);

  const values = new Map<string, ParameterValue>();
  for (const [name, definition] of definitions) {
    const text = texts.get(name) ?? '';
    const bytes = Buffer.byteLength(text);
    if (bytes > limits.parameterValueBytes) {
      const message = `Parameter '${name}' has ${bytes} bytes, more than the ${limits.parameterValueBytes} allowed`;
      throw new AwsError('LimitExceededException', 400, message);
    }
    const violated = violatedConstraint(definition, text);
    if (violated !== undefined) {
      throw validationError(
        definition.constraintDescription === undefined
          ? `Parameter '${name}' ${violated}`
          : `Parameter ${name} failed to satisfy constraint: ${definition.constraintDescription}`,
      );
    }
    values.set(name, { text, value: valueOf(definition, text), noEcho: definition.noEcho });
  }
  return values;
}

/** A parameter's value in answers: masked when the template says NoEcho. */
export function shownText(parameter: ParameterValue): string {
  return parameter.noEcho ? MASK : parameter.text;
}

function textOf(parameter: GivenParameter, previous: ReadonlyMap<string, ParameterValue> | undefined): string | undefined {
  if (!parameter.usePreviousValue) return parameter.value;
  const invalid = `Invalid input for parameter key ${parameter.key}. Cannot specify usePreviousValue as true`;
  if (parameter.value !== undefined) throw validationError(`${invalid} and also specify a parameter value`);
  const before = previous?.get(parameter.key);
  if (!before) throw validationError(`${invalid} for a parameter key not in the previous template`);
  return before.text;
}

function valueOf({ type }: ParameterDefinition, text: string): Json {
  if (!isList(type)) return text;
  return text === '' ? [] : itemsOf(text);
}

function isList(type: ParameterDefinition['type']): boolean {
  return type === 'CommaDelimitedList' || type === 'List<Number>';
}

function itemsOf(list: string): string[] {
  return list.split(',').map((item) => item.trim());
}

/** The end of "Parameter 'X' ..." when a value, or a member of a list, is invalid (user guide, "Parameters", AllowedValues). */
function violatedConstraint(definition: ParameterDefinition, text: string): string | undefined {
  const values = isList(definition.type) ? itemsOf(text) : [text];
  return values.map((value) => violatedBy(definition, value)).find((violated) => violated !== undefined);
}

function violatedBy(definition: ParameterDefinition, value: string): string | undefined {
  const { type, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = definition;
  if (type === 'Number' || type === 'List<Number>') {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return 'must be a number';
    if (minValue !== undefined && number < minValue) return `must be a number not less than ${minValue}`;
    if (maxValue !== undefined && number > maxValue) return `must be a number not greater than ${maxValue}`;
  }
  if (allowedValues && !allowedValues.includes(value)) return 'must be one of AllowedValues';
  if (minLength !== undefined && value.length < minLength) return `must contain at least ${minLength} characters`;
  if (maxLength !== undefined && value.length > maxLength) return `must contain at most ${maxLength} characters`;
  // AWS matches the whole value, like matches() of java.util.regex.
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value))
    return `must match pattern ${allowedPattern}`;
  return undefined;
}

/** User guide, "Get AWS values using pseudo parameters". */
export const PSEUDO_PARAMETERS = 'AccountId NoValue NotificationARNs Partition Region StackId StackName URLSuffix'
  .split(' ')
  .map((name) => `AWS::${name}`);

export function pseudoParameters(
  stack: { readonly id: string; readonly name: string },
  place: Place,
  notificationArns: readonly string[],
): ReadonlyMap<string, Resolved> {
  return new Map<string, Resolved>(
    Object.entries({
      'AWS::AccountId': place.accountId,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [...notificationArns],
      'AWS::Partition': place.partition,
      'AWS::Region': place.region,
      'AWS::StackId': stack.id,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    }),
  );
}

import type { Json } from '../../kernel/resource-provider.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { CloudFormationLimits } from '../limits.ts';
import { violatedConstraint } from './parameter-constraints.ts';
import type { ParameterDefinition } from './template-parameter.ts';
import { validationError } from '../validation-error.ts';

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly key: string;
  readonly value: string | undefined;
  readonly usePreviousValue: boolean;
}

/** A parameter that has its value. */
export interface ParameterValue {
  /** As given, before lists are split. */
  readonly text: string;
  /** What `Ref` gives: text, or a list. */
  readonly value: Json;
  readonly noEcho: boolean;
}

/** What is shown in place of a NoEcho value (user guide, "Parameters", NoEcho). */
const MASK = '****';

/**
 * Gives every parameter of a template its value: the given one, that of the stack as it is, or the default.
 * @param previous the values of the stack that is updated; undefined when it is created
 * @throws {AwsError} ValidationError (400) that names the parameters which are unknown, have no value or break a constraint
 */
export function resolveParameters(
  definitions: ReadonlyMap<string, ParameterDefinition>,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, ParameterValue> | undefined,
  limits: CloudFormationLimits,
): ReadonlyMap<string, ParameterValue> {
  const unknown = given.filter(({ key }) => !definitions.has(key)).map(({ key }) => key);
  if (unknown.length > 0)
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const duplicate = given.find(
    ({ key }, index) => given.findIndex((other) => other.key === key) < index,
  );
  if (duplicate) throw validationError(`Parameter '${duplicate.key}' is given twice`);

  const texts = new Map<string, string | undefined>();
  for (const [name, definition] of definitions) {
    const parameter = given.find(({ key }) => key === name);
    texts.set(name, parameter ? textOf(parameter, previous) : definition.defaultText);
  }
  const missing = [...texts].filter(([, text]) => text === undefined).map(([name]) => name);
  if (missing.length > 0)
    throw validationError(`Parameters: [${missing.join(', ')}] must have values`);

  const values = new Map<string, ParameterValue>();
  for (const [name, definition] of definitions) {
    const text = texts.get(name) ?? '';
    const bytes = Buffer.byteLength(text);
    if (bytes > limits.parameterValueBytes) {
      throw new AwsError(
        'LimitExceededException',
        400,
        `Parameter '${name}' has ${bytes} bytes, more than the ${limits.parameterValueBytes} allowed`,
      );
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

/** A parameter's value for people: masked when the template says NoEcho. */
export function shownText(parameter: ParameterValue): string {
  return parameter.noEcho ? MASK : parameter.text;
}

function textOf(
  parameter: GivenParameter,
  previous: ReadonlyMap<string, ParameterValue> | undefined,
): string | undefined {
  if (!parameter.usePreviousValue) return parameter.value;
  const invalid = `Invalid input for parameter key ${parameter.key}. Cannot specify usePreviousValue as true`;
  if (parameter.value !== undefined)
    throw validationError(`${invalid} and also specify a parameter value`);
  const before = previous?.get(parameter.key);
  if (!before) throw validationError(`${invalid} for a parameter key not in the previous template`);
  return before.text;
}

function valueOf(definition: ParameterDefinition, text: string): Json {
  if (definition.type === 'String' || definition.type === 'Number') return text;
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

import type { ParameterDefinition } from './template-parameter.ts';

/**
 * What a value breaks of a parameter's type and constraints, as the end of the sentence "Parameter 'X' ..."; undefined when
 * it breaks nothing. The members of a list are checked one by one (user guide, "Parameters", AllowedValues).
 */
export function violatedConstraint(
  definition: ParameterDefinition,
  text: string,
): string | undefined {
  const isList = definition.type === 'CommaDelimitedList' || definition.type === 'List<Number>';
  const values = isList ? text.split(',').map((item) => item.trim()) : [text];
  for (const value of values) {
    const violated = violatedBy(definition, value);
    if (violated !== undefined) return violated;
  }
  return undefined;
}

function violatedBy(definition: ParameterDefinition, value: string): string | undefined {
  const { type, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } =
    definition;
  if (type === 'Number' || type === 'List<Number>') {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return 'must be a number';
    if (minValue !== undefined && number < minValue)
      return `must be a number not less than ${minValue}`;
    if (maxValue !== undefined && number > maxValue)
      return `must be a number not greater than ${maxValue}`;
  }
  if (allowedValues && !allowedValues.includes(value)) return 'must be one of AllowedValues';
  if (minLength !== undefined && value.length < minLength)
    return `must contain at least ${minLength} characters`;
  if (maxLength !== undefined && value.length > maxLength)
    return `must contain at most ${maxLength} characters`;
  // AWS matches the whole value, as java.util.regex does with matches().
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value))
    return `must match pattern ${allowedPattern}`;
  return undefined;
}

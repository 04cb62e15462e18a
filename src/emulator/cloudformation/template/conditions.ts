import type { Json } from '../../kernel/resource-provider.ts';
import { NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { sameValue } from './template-value.ts';
import { templateError, templateFormatError } from '../../kernel/aws-error.ts';

/** Evaluates `Conditions`, which may refer to each other but not to resources. @throws {AwsError} ValidationError (400) */
export function createConditions(definitions: Readonly<Record<string, Json>>, scope: Omit<Scope, 'condition'>) {
  const known = new Map<string, boolean>();
  const open = new Set<string>();

  const decide = (name: string): boolean => {
    const decided = known.get(name);
    if (decided !== undefined) return decided;
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition === undefined)
      throw templateFormatError(`Unresolved condition dependency ${name} in the Conditions block of the template`);
    if (open.has(name)) throw templateFormatError(`Circular dependency in conditions: [${[...open].join(', ')}]`);
    open.add(name);
    const value = evaluate(definition);
    open.delete(name);
    known.set(name, value);
    return value;
  };

  const evaluate = (expression: Json): boolean => {
    const [name, argument] = onlyEntry(expression);
    switch (name) {
      case 'Condition':
        return decide(typeof argument === 'string' ? argument : JSON.stringify(argument));
      case 'Fn::Equals': {
        const [left, right] = operands(name, argument, 2, 2).map((side) => resolve(side, { ...scope, condition: decide }));
        if (left === NO_VALUE || right === NO_VALUE) return left === right;
        return sameValue(left, right);
      }
      case 'Fn::Not':
        return !operands(name, argument, 1, 1).every(evaluate);
      case 'Fn::And':
        return operands(name, argument, 2, MAX_OPERANDS).map(evaluate).every(Boolean);
      case 'Fn::Or':
        return operands(name, argument, 2, MAX_OPERANDS).map(evaluate).some(Boolean);
      default:
        throw templateError(`the emulator does not support the condition function ${name}`);
    }
  };

  return decide;
}

/** User guide, "Condition functions": Fn::And and Fn::Or take 2 to 10 conditions. */
const MAX_OPERANDS = 10;

function onlyEntry(expression: Json): [string, Json] {
  if (typeof expression === 'object' && expression !== null && !Array.isArray(expression)) {
    const entries = Object.entries(expression);
    if (entries.length === 1 && entries[0]) return entries[0];
  }
  throw templateFormatError('Every Conditions member must contain one condition function.');
}

function operands(name: string, value: Json, least: number, most: number): readonly Json[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  const count = least === most ? `${least}` : `${least} to ${most}`;
  throw templateError(`every ${name} object requires a list of ${count} values.`);
}

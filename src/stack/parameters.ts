import type { Parameter } from '@aws-sdk/client-cloudformation';

/**
 * Parameters of a change set: what was given, and for everything else the value that the stack has. A parameter that the
 * stack does not know yet is left out, so that the template's default counts.
 * @param given values by parameter name; undefined means "not given"
 * @param current the stack's parameters; undefined for a stack that is to be created
 */
export function mergeParameters(
  given: Readonly<Record<string, string | undefined>>,
  current: Readonly<Record<string, string>> | undefined,
): Parameter[] {
  const kept = Object.keys(current ?? {})
    .filter((name) => given[name] === undefined)
    .map((name) => ({ ParameterKey: name, UsePreviousValue: true }));
  const set = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ ParameterKey: name, ParameterValue: value }));
  return [...kept, ...set];
}

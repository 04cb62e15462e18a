import type { Parameter } from '@aws-sdk/client-cloudformation';

type Values = Readonly<Record<string, string | undefined>>;

/** Parameters that older templates have under another name. */
const RENAMED: Values = { CorsOrigin: 'CorsOrigins' };

/**
 * Parameters of a change set: the given values, and the stack's values for all others. A parameter that is new to the stack is left
 * out and gets the template's default.
 * @param given values by parameter name; undefined means "not given"
 * @param current the stack's parameters; undefined for a stack that is to be created
 * @param taken the parameters of the template; undefined when the stack keeps its own
 */
export function mergeParameters(given: Values, current: Values | undefined, taken?: ReadonlySet<string>): Parameter[] {
  return Object.entries(effectiveParameters(given, current))
    .filter(([name]) => taken?.has(name) ?? true)
    .map(([name, value]) =>
      given[name] === undefined && current?.[name] !== undefined
        ? { ParameterKey: name, UsePreviousValue: true }
        : { ParameterKey: name, ParameterValue: value },
    );
}

/** The values after the deploy: the given ones, else the stack's. */
export function effectiveParameters<Parameters extends Values>(given: Parameters, current: Values | undefined): Parameters {
  const kept = Object.entries(current ?? {}).map(([name, value]) => [RENAMED[name] ?? name, value] as const);
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...kept, ...named]) as Values as Parameters;
}

/**
 * Tags of a change set: the stack's, merged with the given ones; an empty value removes a tag.
 * @param given undefined keeps the stack's
 * @returns undefined to keep them: a change set without tags leaves them as they are
 */
export function mergeTags(given: Readonly<Record<string, string>> | undefined, current: Readonly<Record<string, string>> = {}) {
  if (given === undefined) return undefined;
  return Object.entries({ ...current, ...given })
    .filter(([, value]) => value !== '')
    .map(([Key, Value]) => ({ Key, Value }));
}

import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';

type Values = Readonly<Record<string, string | undefined>>;

/** Parameters that older templates have under another name. */
const RENAMED: readonly (readonly [before: string, now: string])[] = [['CorsOrigin', 'CorsOrigins']];

/**
 * Parameters of a change set: the given values, and the stack's values for all others. A parameter that is new to the stack is left
 * out and gets the template's default.
 * @param given values by parameter name; undefined means "not given"
 * @param current the stack's parameters; undefined for a stack that is to be created
 */
export function mergeParameters(given: Values, current: Values | undefined): Parameter[] {
  const kept = renameParameters(current ?? {});
  const changed = { ...withoutUndefined(kept.renamed), ...withoutUndefined(given) };
  return [
    ...Object.keys(kept.same)
      .filter((name) => changed[name] === undefined)
      .map((name) => ({ ParameterKey: name, UsePreviousValue: true })),
    ...Object.entries(changed).map(([name, value]) => ({ ParameterKey: name, ParameterValue: value })),
  ];
}

/** The values after the deploy: the given ones, else the stack's. */
export function effectiveParameters<Parameters extends Values>(given: Parameters, current: Values | undefined): Parameters {
  const { same, renamed } = renameParameters(current ?? {});
  return { ...same, ...renamed, ...withoutUndefined(given) } as Values as Parameters;
}

function renameParameters(values: Values): { readonly same: Values; readonly renamed: Values } {
  const old = RENAMED.filter(([before]) => values[before] !== undefined);
  const same = Object.entries(values).filter(([name]) => !old.some(([before]) => before === name));
  const renamed = old.map(([before, now]) => [now, values[before]] as const);
  return { same: Object.fromEntries(same), renamed: Object.fromEntries(renamed) };
}

function withoutUndefined(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * Tags of a change set: the stack's, merged with the given ones; an empty value removes a tag.
 * @param given undefined keeps the stack's
 * @returns undefined to keep them: a change set without tags leaves them as they are
 */
export function mergeTags(
  given: Readonly<Record<string, string>> | undefined,
  current: Readonly<Record<string, string>> = {},
): Tag[] | undefined {
  if (given === undefined) return undefined;
  return Object.entries({ ...current, ...given })
    .filter(([, value]) => value !== '')
    .map(([Key, Value]) => ({ Key, Value }));
}

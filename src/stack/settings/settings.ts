import type { ParameterName, ParameterValues } from '../../aws/stack-values.ts';
import { AUTHORIZATION } from './authorization.ts';
import { FUNCTION, OBSERVATION } from './operations.ts';
import type { Setting } from './setting.ts';
import { ADDRESS, FILTERS, LIMITS } from './api.ts';

/** The settings in the groups of the help. */
export const SETTING_GROUPS = {
  'Authorization:': AUTHORIZATION,
  'Address:': ADDRESS,
  'Browsers, addresses and firewall:': FILTERS,
  'Limits:': LIMITS,
  'Logs, metrics and alarms:': OBSERVATION,
  'Function:': FUNCTION,
} as const;

/**
 * Every setting of a stack, by template parameter. Flags, parameters, defaults, drift and the lines of `status` come from this one
 * table; a test compares it with `stack.yaml`.
 */
export const SETTINGS = {
  ...AUTHORIZATION,
  ...ADDRESS,
  ...FILTERS,
  ...LIMITS,
  ...OBSERVATION,
  ...FUNCTION,
} as const satisfies Readonly<Record<ParameterName, Setting>>;

/** The settings in the order of the help. */
export const SETTING_ROWS = Object.entries(SETTINGS) as unknown as readonly (readonly [name: ParameterName, setting: Setting])[];

/** The value of every parameter: the given one, or the template's default. */
export function allValues(values: ParameterValues): ParameterValues {
  return Object.fromEntries(SETTING_ROWS.map(([name]) => [name, valueOrDefault(values, name)]));
}

/** A parameter's value, or the template's default. */
export function valueOrDefault(values: ParameterValues, name: ParameterName): string {
  return values[name] ?? SETTINGS[name].default ?? '';
}

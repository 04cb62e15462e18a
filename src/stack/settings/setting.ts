import { parseChoice, parseDuration, parseInteger, parseList, parseWord } from '../../cli/flag-values.ts';
import type { ParameterName } from '../../aws/stack-values.ts';
import type { LiveSettings, Reading } from '../live-settings.ts';

/** One template parameter: its flag, default, drift check and line of `status`. */
export interface Setting {
  /** The template's default; undefined for a parameter without one. A test compares it with `stack.yaml`. */
  readonly default: string | undefined;
  /** Long flag with its placeholder, as commander takes it: `--memory <mb>`. A few parameters have none. */
  readonly flag?: string;
  /** Help text without the default, which is appended. */
  readonly help?: string;
  /** Accepted values; absent for a switch. */
  readonly takes?: FlagValue;
  /** A pair of flags, `--waf` and `--no-waf`: value of the first, help of the second. The second sets `off`. */
  readonly switch?: { readonly on: string; readonly offHelp: string };
  /** Allowed values of a parameter without a flag. */
  readonly allowed?: readonly string[];
  /** The stage serves a snapshot of the API, so a new value needs a new deployment. */
  readonly shapesApi?: true;
  /** Environment variable of the function that carries the value. */
  readonly variable?: string;
  /** How to read the current value from the services, for example `memory of the function (MB)`. */
  readonly drift?: readonly {
    readonly what: string;
    /** Undefined when the value could not be read. */
    readonly live: (known: KnownSettings) => string | number | undefined;
  }[];
  /** The value names a resource outside the stack. */
  readonly outside?: { readonly what: string; readonly nameOf: (value: string) => string };
  /** Line of `status` for a value other than the default. Without `text`, it shows the value. */
  readonly status?: {
    readonly name: string;
    readonly text?: (value: string, of: (parameter: ParameterName) => string) => string;
  };
}

export type SettingGroup = Partial<Record<ParameterName, Setting>>;

/** The live settings that could be read. */
export type KnownSettings = {
  readonly [Name in keyof LiveSettings]?: (LiveSettings[Name] extends Reading<infer Value> ? Value : never) | undefined;
};

/** Values that a flag accepts. The parameter's value is always text. */
export interface FlagValue {
  /** @returns a parser for commander @throws {UsageError} */
  readonly parse: (flag: string) => (text: string, previous?: string) => string;
  /** A closed set, as typed. */
  readonly choices?: readonly string[];
  readonly range?: { readonly least: number; readonly most: number };
  /** Converts a parameter's value to the typed form: `15000` to `15s`. */
  readonly toTyped?: (value: string) => string;
}

/** One of a closed set. */
export function oneOf(...choices: readonly string[]): FlagValue {
  return { choices, parse: (flag) => parseChoice(flag, choices) };
}

/** One of a closed set, in upper case in the template. */
export function oneOfCapitals(...choices: readonly string[]): FlagValue {
  return {
    choices,
    toTyped: (value) => value.toLowerCase(),
    parse: (flag) => (text) => parseChoice(flag, choices)(text).toUpperCase(),
  };
}

export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): FlagValue {
  return { range: { least, most }, parse: (flag) => (text) => String(parseInteger(flag, least, most)(text)) };
}

/** A time such as `15s`; the parameter is in ms. */
export function durationUpTo(mostMs: number): FlagValue {
  return {
    range: { least: 0, most: mostMs },
    toTyped: (value) => `${Number(value) / 1_000}s`,
    parse: (flag) => (text) => String(parseDuration(flag, mostMs)(text)),
  };
}

/** @param what for the message: `the ARN of a certificate` */
export function word(form: RegExp, what: string): FlagValue {
  return { parse: (flag) => parseWord(flag, form, what) };
}

/** As `word`; an empty text unsets the value. */
export function wordOrNothing(form: RegExp, what: string): FlagValue {
  return word(new RegExp(`^$|${form.source}`), what);
}

/** @param what a member, for the message: `an OAuth scope` */
export function listOf(isMember: (text: string) => boolean, what: string): FlagValue {
  return { parse: (flag) => parseList(flag, isMember, what) };
}

/**
 * A pattern for the ARNs of one kind of resource.
 * @param service as ARNs name it
 * @param resource pattern of what follows the account
 * @param place pattern of Region and account
 */
export function arnPattern(service: string, resource: string, place: string = '[a-z0-9-]+:\\d{12}'): RegExp {
  return new RegExp(`^arn:aws[a-z-]*:${service}:${place}:${resource}$`);
}

/** A setting in an environment variable of the function, where it can be read back. */
export function inFunction(variable: string, what: string): Required<Pick<Setting, 'variable' | 'drift'>> {
  const live = ({ function: found }: KnownSettings): string | undefined => found && (found.variables[variable] ?? '');
  return { variable, drift: [{ what, live }] };
}

/** Last part of an ARN. */
export function lastPart(arn: string): string {
  return arn.slice(arn.search(/[^:/]+$/));
}

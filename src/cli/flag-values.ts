import { Option } from 'commander';
import { UsageError } from './errors.ts';

/** An option that takes one of a closed set. @param flags as commander takes them: `--hop <hop>` */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, description).choices([...choices]);
  return option.argParser(parseChoice(option.long ?? flags, choices));
}

/** The values of an option that may be given more than once. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** @throws {UsageError} INVALID_VALUE that names the choices */
export function parseChoice<Choice extends string>(flag: string, choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw invalid(flag, `one of ${choices.join(', ')}`, text);
  };
}

/**
 * A text of a certain form.
 * @param what it has to be, for the message: `the ARN of a certificate`
 * @throws {UsageError} INVALID_VALUE
 */
export function parseWord(flag: string, form: RegExp, what: string): (text: string) => string {
  return (text) => {
    if (form.test(text)) return text;
    throw invalid(flag, what, text);
  };
}

/**
 * A list from a flag that is repeatable, or takes several members with commas between them; empty unsets it.
 * @param what one member has to be, for the message
 * @returns a parser for commander: the list so far comes second; the members with commas between them
 * @throws {UsageError} INVALID_VALUE
 */
export function parseList(
  flag: string,
  isMember: (text: string) => boolean,
  what: string,
): (text: string, previous?: string) => string {
  return (text, previous) => {
    const members = text.split(',').flatMap((member) => member.trim() || []);
    const wrong = members.find((member) => !isMember(member));
    if (wrong !== undefined) throw invalid(flag, what, wrong);
    return [...(previous ? previous.split(',') : []), ...members].join(',');
  };
}

function invalid(flag: string, what: string, text: string): UsageError {
  return new UsageError('INVALID_VALUE', `${flag} takes ${what}, not ${text || 'nothing'}`);
}

/** A whole number from a flag. @throws {UsageError} INVALID_NUMBER */
export function parseInteger(flag: string, least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(
      'INVALID_NUMBER',
      `${flag} takes a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}, not ${text}`,
    );
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `1.5s`, `2m`, `3h`, `1d` in ms; NaN for anything else. */
function durationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhd])$/.exec(text) ?? [];
  return Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
}

/** A duration from a flag: `500ms`, `15s`, `2m`, `0`. In ms. @throws {UsageError} INVALID_DURATION */
export function parseDuration(flag: string, mostMs: number) {
  return (text: string): number => {
    const value = text === '0' ? 0 : durationMs(text);
    if (value >= 0 && value <= mostMs) return Math.round(value);
    throw new UsageError(
      'INVALID_DURATION',
      `${flag} takes a time such as 500ms, 15s or 2m, at most ${mostMs / 1_000}s, not ${text}`,
    );
  };
}

/**
 * A moment in the past from a flag: a duration such as `90s`, `10m`, `2h` or `1d`, or a date and time in ISO 8601.
 * @param nowMs epoch ms
 * @returns epoch ms
 * @throws {UsageError} INVALID_SINCE
 */
export function parseSince(text: string, nowMs: number): number {
  const agoMs = durationMs(text);
  if (!Number.isNaN(agoMs)) return nowMs - agoMs;
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return date;
  throw new UsageError('INVALID_SINCE', `--since does not understand ${text}`, {
    hint: 'a time such as 90s, 10m, 2h or 1d, or a date such as 2026-11-22T18:00Z',
  });
}

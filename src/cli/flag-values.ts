import { Option } from 'commander';
import { UsageError } from './errors.ts';

/**
 * An option that takes one of a closed set.
 * @param flags as commander takes them: `--hop <hop>`
 */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, description).choices([...choices]);
  return option.argParser(parseChoice(option.long ?? flags, choices));
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

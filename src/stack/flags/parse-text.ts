import { UsageError } from '../../cli/errors.ts';

/**
 * A text from a flag that has to have a form; empty takes the setting back.
 * @param what it has to be, for the message: `the ARN of a certificate`
 * @throws {UsageError} INVALID_VALUE
 */
export function parseText(flag: string, form: RegExp, what: string): (text: string) => string {
  return (text) => {
    if (text === '' || form.test(text)) return text;
    throw new UsageError('INVALID_VALUE', `${flag} takes ${what}, not ${text}`);
  };
}

/**
 * A text from a flag that has to have a form, and cannot be empty.
 * @param what it has to be, for the message
 * @throws {UsageError} INVALID_VALUE
 */
export function parseWord(flag: string, form: RegExp, what: string): (text: string) => string {
  return (text) => {
    if (form.test(text)) return text;
    throw new UsageError('INVALID_VALUE', `${flag} takes ${what}, not ${text || 'nothing'}`);
  };
}

/**
 * A list from a flag that is repeatable, or takes several with commas between; empty takes the setting back.
 * @param what one of them has to be, for the message
 * @returns a parser for commander: the list so far comes second; the members with commas between
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
    if (wrong !== undefined) {
      throw new UsageError('INVALID_VALUE', `${flag} takes ${what}, not ${wrong}`);
    }
    return [...(previous ? previous.split(',') : []), ...members].join(',');
  };
}

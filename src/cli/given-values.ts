import { UsageError } from './errors.ts';

/** An empty AWS_PAGER has a meaning: no pager. */
const TIDIED = /^(AWS_(?!PAGER$)|AGENTSTREAM_)/;

/**
 * Takes blanks and line ends off the variables of AWS and of this program, and removes those that are empty: scripts export them from
 * secrets that do not exist. Changes the environment itself, because the SDK reads `process.env`.
 */
export function tidyEnvironment(env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !TIDIED.test(name)) continue;
    const text = value.trim();
    if (text === '') delete env[name];
    else if (text !== value) env[name] = text;
  }
}

/**
 * A secret that goes into a header, without blanks and line ends around it.
 * @param what it is, for the message, which never contains the secret
 * @throws {UsageError} INVALID_VALUE that names the character that no header can have
 */
export function headerValue(what: string, text: string): string {
  const value = text.trim();
  const [wrong] = /[^\x21-\x7e]/.exec(value) ?? [];
  if (value !== '' && wrong === undefined) return value;
  throw new UsageError('INVALID_VALUE', `${what} cannot be sent: it ${wrong === undefined ? 'is empty' : describe(wrong)}`, {
    hint: 'copy it again, as one line without quotes',
  });
}

function describe(character: string): string {
  if (character === '\n' || character === '\r') return 'has a line end in it';
  if (character === ' ' || character === '\t') return 'has a blank in it';
  return `has the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} in it`;
}

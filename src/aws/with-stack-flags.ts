/** Commands that act on a stack, as hints spell them. */
const COMMAND = /\bagentstream (?:deploy|destroy|status|doctor|key rotate|key retire)\b/g;

/** What follows a command and is no part of it. */
const END = /;|`|\bagentstream /;

/**
 * The commands of a hint with the flags that lead to the stack it speaks of, which would otherwise concern the stack of the default
 * name. A command that has them stays as it is.
 * @param flagsText ` --stack-name x`, or nothing
 */
export function withStackFlags(text: string, flagsText: string): string {
  if (flagsText === '') return text;
  return text.replaceAll(COMMAND, (command, offset: number) => {
    const [rest = ''] = text.slice(offset + command.length).split(END, 1);
    return rest.includes(flagsText) ? command : `${command}${flagsText}`;
  });
}

/** A command line as data: the program and its arguments, unquoted. Whoever prints it adds the flags of the run. */
export type CommandWords = readonly string[];

/** A remedy: a text, or texts and commands in turn. */
export type Hint = string | { readonly parts: readonly (string | CommandWords)[] };

/**
 * A hint with commands in it: hint`end the older key first: ${['agentstream', 'key', 'retire']}`.
 * Its parts are texts, commands and other hints.
 */
export function hint(texts: TemplateStringsArray, ...values: readonly (Hint | CommandWords)[]): Hint {
  const parts = texts.flatMap((text, index) => [text, ...partsOf(values[index] ?? '')]);
  return { parts: parts.filter((part) => part !== '') };
}

function partsOf(value: Hint | CommandWords): readonly (string | CommandWords)[] {
  if (typeof value === 'string') return [value];
  return 'parts' in value ? value.parts : [value];
}

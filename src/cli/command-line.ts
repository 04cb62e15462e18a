import type { CommandWords, Hint } from './errors.ts';

export const DEFAULT_STACK_NAME = 'agentstream';

/** The flags of a run that decide which stack and which endpoint it talks to. */
export type Target = { readonly [Name in (typeof TEXTS)[number]]?: string | undefined } & {
  readonly [Name in (typeof SWITCHES)[number]]?: boolean | undefined;
};

const TEXTS = ['stackName', 'region', 'profile', 'url', 'apiKey', 'token', 'tokenCommand', 'qualifier', 'hop'] as const;
const SWITCHES = ['local', 'sigv4'] as const;

type Flag = keyof Target;

const STACK: readonly Flag[] = ['local', 'stackName', 'region', 'profile'];
const VERIFIED: readonly Flag[] = [...STACK, 'token', 'tokenCommand'];
const TURN: readonly Flag[] = [...STACK, 'url', 'apiKey', 'token', 'tokenCommand', 'sigv4', 'qualifier', 'hop'];

/** Which flags of a target each command takes. A command that is not here leads nowhere. */
const FLAGS: Readonly<Record<string, readonly Flag[]>> = {
  'agentstream deploy': VERIFIED,
  'agentstream doctor': VERIFIED,
  'agentstream destroy': STACK,
  'agentstream status': STACK,
  'agentstream logs': STACK,
  'agentstream key rotate': STACK,
  'agentstream key retire': STACK,
  'agentstream invoke': TURN,
  'agentstream chat': TURN,
  'agentstream bench': TURN,
  'agentstream bench compare': [],
  'agentstream bench merge': [],
  'aws account enable-region': ['profile'],
  'aws login': ['profile'],
  'aws sso login': ['profile'],
  'aws configure list-profiles': [],
  'aws configure': ['profile'],
};

/** Secrets stay on the command line that they were typed on: a printed command has a word in their place. */
const PLACEHOLDERS: Partial<Record<Flag, string>> = { apiKey: 'KEY', token: 'TOKEN' };

/**
 * The target of a run, from its flags; the stack's name and the Region also from the environment, since people paste commands into
 * other terminals.
 * @param flags those of any command; unknown ones are left alone
 */
export function readTarget(flags: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Target {
  const given: Target = {
    ...Object.fromEntries(TEXTS.map((name) => [name, typeof flags[name] === 'string' ? flags[name] : undefined])),
    ...Object.fromEntries(SWITCHES.map((name) => [name, flags[name] === true])),
  };
  const { stackName = env['AGENTSTREAM_STACK_NAME'], region } = given;
  const isDefault = stackName === DEFAULT_STACK_NAME && !env['AGENTSTREAM_STACK_NAME'];
  return {
    ...given,
    stackName: isDefault ? undefined : stackName,
    region: region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'],
  };
}

/**
 * A command as it can be typed into a POSIX shell, with the flags that lead to the same stack and endpoint behind its name. Flags that
 * it has already stay as they are.
 * @example commandLine(['agentstream', 'deploy', '--heartbeat', '15s'], { stackName: 'staging' })
 */
export function commandLine(words: CommandWords, target: Target = {}): string {
  const { length, flags } = nameOf(words);
  const led = flags.flatMap((flag) => {
    const option = `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const value = target[flag];
    if (value === undefined || value === false || words.includes(option)) return [];
    return value === true ? [option] : [option, PLACEHOLDERS[flag] ?? value];
  });
  return [...words.slice(0, length), ...led, ...words.slice(length)].map(shellWord).join(' ');
}

/** How many words a command's name has, and the flags of a target that it takes. */
function nameOf(words: CommandWords): { readonly length: number; readonly flags: readonly Flag[] } {
  for (const length of [3, 2]) {
    const flags = FLAGS[words.slice(0, length).join(' ')];
    if (flags) return { length, flags };
  }
  // A service and an operation of it.
  if (words[0] === 'aws') return { length: 3, flags: ['region', 'profile'] };
  return { length: words.length, flags: [] };
}

/** A hint for people, its commands with the flags of the run. @param space between the words of a command */
export function hintText(hint: Hint, target: Target, space = ' '): string {
  if (typeof hint === 'string') return hint;
  return hint.parts.map((part) => (typeof part === 'string' ? part : commandLine(part, target).replaceAll(' ', space))).join('');
}

/** A text as one word of a POSIX shell: as it is where that is safe, else in single quotes. */
export function shellWord(text: string): string {
  if (/^[\w.,:/@%+=-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

import type { Command, Option } from 'commander';

export type CompletionOption = ReturnType<typeof toOption>;
export type CompletionValue = ReturnType<typeof toValue>;

/** A command, as a shell completes it. The root is the program itself. */
export interface CompletionNode {
  /** Without the program's name: empty for the root, `bench compare` for a command of a command. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletionOption[];
  readonly children: readonly CompletionNode[];
  /** Placeholder of the arguments; undefined when there are none. */
  readonly argument: CompletionValue | undefined;
}

/** Placeholders that stand for a file, in an option or an argument: `--record <file>`, `<before>`. */
const FILE_NAMES = new Set(['file', 'files', 'dir', 'before', 'after']);

/** Reads what can be completed from the program's own definition, all commands of which must be configured. */
export function readCommandTree(command: Command, parentPath?: string): CompletionNode {
  const path = parentPath === undefined ? '' : `${parentPath} ${command.name()}`.trim();
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(toOption),
    children: help
      .visibleCommands(command)
      // Its arguments are the commands, which stand there anyway.
      .filter((child) => child.name() !== 'help')
      .map((child) => readCommandTree(child, path)),
    argument: argument && toValue(argument.name(), argument.argChoices),
  };
}

/** The node and all below it, parents first. */
export function allNodes(root: CompletionNode): CompletionNode[] {
  return [root, ...root.children.flatMap(allNodes)];
}

function toOption({ required, optional, flags, short, long, description, argChoices }: Option) {
  const placeholder = /[<[]([\w-]+)/.exec(flags)?.[1] ?? '';
  return {
    /** With their dashes: `-y` and `--yes`, or one of them. */
    flags: [short, long].filter((flag) => flag !== undefined && flag !== null),
    description,
    /** Undefined for an option without a value. */
    value: required || optional ? toValue(placeholder, argChoices) : undefined,
  };
}

/** Values that a shell can offer. @param name for example `region` */
function toValue(name: string, choices: readonly string[] | undefined) {
  return { name, choices: choices ?? [], isFile: choices === undefined && FILE_NAMES.has(name) };
}

/** One word of bash or zsh; nothing in it is expanded. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

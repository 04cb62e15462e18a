import { allNodes, type CompletionNode, type CompletionOption } from './command-tree.ts';

/** A script for fish: a line for each command, option and choice, with a function that says at which command the cursor is. */
export function renderFish(root: CompletionNode): string {
  const { name } = root;
  const nodes = allNodes(root);
  const withValue = nodes.flatMap(({ path, options }) =>
    options.filter(({ value }) => value).flatMap(({ flags }) => flags.map((flag) => quote(`${path}|${flag}`))),
  );
  const commands = nodes.flatMap(({ path, children }) => children.map((child) => quote(`${path}|${child.name}`)));
  return `# Completion of ${name} for fish. Load it with:  ${name} completion fish | source
function __${name}_path
    set -l path ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- "$path|$word" ${commands.join(' ')}
            set path (string trim "$path $word")
        else if contains -- "$path|$word" ${withValue.join(' ')}
            set skip 1
        end
    end
    echo $path
end

function __${name}_at
    test (__${name}_path) = "$argv[1]"
end

complete -c ${name} -f
${nodes.flatMap((node) => nodeLines(node, name)).join('\n')}
`;
}

function nodeLines({ path, options, children, argument }: CompletionNode, name: string): string[] {
  const at = `complete -c ${name} -n "__${name}_at '${path}'"`;
  return [
    ...children.map((child) => `${at} -a ${child.name} -d ${quote(child.description)}`),
    ...options.map((option) => `${at} ${optionArguments(option)}`),
    ...(argument && argument.choices.length > 0 ? [`${at} -a ${quote(argument.choices.join(' '))}`] : []),
    ...(argument?.isFile ? [`${at} -F`] : []),
  ];
}

function optionArguments({ flags, description, value }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const choices = value?.choices ?? [];
  const kind = value
    ? value.isFile
      ? ['-r', '-F']
      : ['-x', ...(choices.length > 0 ? ['-a', quote(choices.join(' '))] : [])]
    : [];
  return [...names, ...kind, '-d', quote(description)].join(' ');
}

/** Within single quotes fish knows two escapes. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
}

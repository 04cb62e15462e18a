import { allNodes, type CompletionNode, type CompletionOption, type CompletionValue, quote } from './command-tree.ts';

/** A script for zsh: a function for each command, on zsh's own `_arguments`. It works sourced and from a folder of `fpath`. */
export function renderZsh(root: CompletionNode): string {
  const { name } = root;
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it with:  source <(${name} completion zsh)
# or put it into a folder of fpath as _${name}.

${allNodes(root)
  .map((node) => renderNode(node, root))
  .join('\n\n')}

if [ "$funcstack[1]" = "_${name}" ]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function renderNode(node: CompletionNode, root: CompletionNode): string {
  const { options, children, argument } = node;
  const specs = options.map(optionSpec);
  const head = `${functionName(node, root)}() {`;
  if (children.length === 0) {
    if (argument) specs.push(`'*${action(argument)}'`);
    return `${head}\n  ${argumentsCall([], specs)}\n}`;
  }
  const names = children.map((child) => `    '${child.name}:${escape(child.description).replaceAll("'", `'\\''`)}'`);
  const calls = children.map((child) => `        ${child.name}) ${functionName(child, root)} && ret=0 ;;`);
  return `${head}
  local curcontext="$curcontext" state line ret=1
  typeset -A opt_args
  local -a commands=(
${names.join('\n')}
  )
  ${argumentsCall(['-C'], [...specs, `'1:command:->command'`, `'*::argument:->argument'`])} && ret=0
  case "$state" in
    command)
      _describe -t commands command commands && ret=0
      ;;
    argument)
      case "$words[1]" in
${calls.join('\n')}
      esac
      ;;
  esac
  return ret
}`;
}

function argumentsCall(flags: readonly string[], specs: readonly string[]): string {
  return [['_arguments', ...flags].join(' '), ...specs.map((spec) => `    ${spec}`)].join(' \\\n');
}

/** An option may be given again when it has a value: some are lists. */
function optionSpec({ flags, description, value }: CompletionOption): string {
  const explanation = `[${escape(description)}]`;
  const rest = quote(value ? `${explanation}${action(value)}` : explanation);
  // With "=" both forms are known: --option value and --option=value.
  const form = (flag: string): string => (value && flag.startsWith('--') ? `${flag}=` : flag);
  if (value) return flags.map((flag) => `'*'${form(flag)}${rest}`).join(' \\\n    ');
  const [only] = flags;
  return flags.length > 1 ? `'(${flags.join(' ')})'{${flags.join(',')}}${rest}` : `'(${only})'${only}${rest}`;
}

function action({ name, choices, isFile }: CompletionValue): string {
  if (choices.length > 0) return `:${name}:(${choices.join(' ')})`;
  // Nothing to offer. A message in its place would keep an option beside it from being completed.
  return isFile ? `:${name}:_files` : `:${name}:()`;
}

function functionName({ path }: CompletionNode, root: CompletionNode): string {
  return ['', root.name, ...path.split(' ').filter(Boolean)].join('_');
}

/** Characters with a meaning in a specification of `_arguments` or `_describe`. */
function escape(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, '\\$&').replaceAll('\n', ' ');
}

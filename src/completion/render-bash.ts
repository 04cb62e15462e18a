import { allNodes, type CompletionNode, type CompletionValue, quote } from './command-tree.ts';

/**
 * A script for bash 3.2 and newer (what macOS has), without the package bash-completion. Nothing runs when a key is pressed but the
 * shell itself. An empty answer leaves the word to readline, which completes files.
 */
export function renderBash(root: CompletionNode): string {
  const nodes = allNodes(root);
  const { name } = root;
  return `# Completion of ${name} for bash. Load it with:  source <(${name} completion bash)
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="" path="" skip="" word i
  local -a words=()
  # Readline cuts words at "=": --option=value is one again, and counts as --option value.
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == "=" ]] || words+=("\${COMP_WORDS[i]}")
  done
  [[ "$cur" == "=" ]] && cur=""
  for word in "\${words[@]}"; do
    if [[ -n "$skip" ]]; then
      skip=""
    else
      case "$path|$word" in
${pathCases(nodes)}
${valueCases(nodes, () => 'skip=1')}
      esac
    fi
    prev="$word"
  done
  if [[ -n "$skip" ]]; then
    case "$path|$prev" in
${valueCases(nodes, (value) => answer(value))}
    esac
    return
  fi
  local commands="" options="" values=""
  case "$path" in
${nodes.map(nodeCase).join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$commands $values" -- "$cur"))
    [[ -n "$commands$values" ]] && compopt +o default 2>/dev/null
  fi
}
complete -o default -F _${name} ${name}
`;
}

/** From a command to one of its commands. */
function pathCases(nodes: readonly CompletionNode[]): string {
  return nodes
    .flatMap((node) => node.children.map((child) => ({ node, child })))
    .map(({ node, child }) => `        ${quote(`${node.path}|${child.name}`)}) path=${quote(child.path)} ;;`)
    .join('\n');
}

/** Options with values, those that are answered alike in one case. */
function valueCases(nodes: readonly CompletionNode[], act: (value: CompletionValue) => string): string {
  const patterns = new Map<string, string[]>();
  for (const { path, options } of nodes) {
    for (const { flags, value } of options) {
      if (!value) continue;
      const action = act(value);
      const keys = flags.map((flag) => quote(`${path}|${flag}`));
      patterns.set(action, [...(patterns.get(action) ?? []), ...keys]);
    }
  }
  return [...patterns].map(([action, keys]) => `        ${keys.join(' | ')}) ${action} ;;`).join('\n');
}

function answer({ choices, isFile }: CompletionValue): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W ${quote(choices.join(' '))} -- "$cur"))`;
  // Nobody can guess it, and a file's name is not it.
  return isFile ? ':' : 'compopt +o default 2>/dev/null';
}

function nodeCase({ path, options, children, argument }: CompletionNode): string {
  const flags = options.flatMap((option) => option.flags);
  const parts = [
    `options=${quote(flags.join(' '))}`,
    ...(children.length > 0 ? [`commands=${quote(children.map((child) => child.name).join(' '))}`] : []),
    ...(argument && argument.choices.length > 0 ? [`values=${quote(argument.choices.join(' '))}`] : []),
  ];
  return `    ${quote(path)}) ${parts.join(' ')} ;;`;
}

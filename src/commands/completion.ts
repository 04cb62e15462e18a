import { Argument, type Command } from 'commander';
import { readCommandTree } from '../completion/command-tree.ts';
import { renderBash } from '../completion/render-bash.ts';
import { renderFish } from '../completion/render-fish.ts';
import { renderZsh } from '../completion/render-zsh.ts';
import type { CommandContext } from '../cli/context.ts';

const RENDERERS = { bash: renderBash, zsh: renderZsh, fish: renderFish } as const;

const EXAMPLES = `
Examples:
  agentstream completion bash > ~/.local/share/bash-completion/completions/agentstream
  echo 'source <(agentstream completion bash)' >> ~/.bashrc
  agentstream completion zsh > "\${fpath[1]}/_agentstream"
  agentstream completion fish > ~/.config/fish/completions/agentstream.fish

The script holds all commands, options and choices of this version: no process starts when you press Tab. A script in a file has to
be written again after an update.
`;

/** All other commands must be configured: the script is made from them. */
export function configure(command: Command, { terminal }: CommandContext): void {
  command
    .addArgument(
      new Argument('<shell>', 'the shell that the script is for').choices(Object.keys(RENDERERS)),
    )
    .addHelpText('after', EXAMPLES)
    .action((shell: keyof typeof RENDERERS) => {
      const root = readCommandTree(command.parent ?? command);
      terminal.stdout.write(RENDERERS[shell](root));
    });
}

import { Argument, type Command } from 'commander';
import type { CommandContext } from '../cli/options.ts';
import type { CompletionNode } from '../completion/command-tree.ts';

const RENDERERS: Readonly<Record<string, () => Promise<(root: CompletionNode) => string>>> = {
  bash: async () => (await import('../completion/render-bash.ts')).renderBash,
  zsh: async () => (await import('../completion/render-zsh.ts')).renderZsh,
  fish: async () => (await import('../completion/render-fish.ts')).renderFish,
};

const EXAMPLES = `
Examples:
  agentstream completion bash \\
    > ~/.local/share/bash-completion/completions/agentstream
  echo 'source <(agentstream completion bash)' >> ~/.bashrc
  agentstream completion zsh > "\${fpath[1]}/_agentstream"
  agentstream completion fish > ~/.config/fish/completions/agentstream.fish

The script holds the commands, options and choices of this version, so pressing
Tab starts no process. Write the file again after an update.
`;

/** All other commands must be configured: the script is made from them. */
export function configure(command: Command, { terminal }: CommandContext): void {
  command
    .addArgument(new Argument('<shell>', 'shell of the script').choices(Object.keys(RENDERERS)))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: string) => {
      const { readCommandTree } = await import('../completion/command-tree.ts');
      const render = await RENDERERS[shell]?.();
      terminal.stdout.write(render?.(readCommandTree(command.parent ?? command)) ?? '');
    });
}

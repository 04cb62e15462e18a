import { Argument, type Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import type { Shell } from '../completion/completion-script.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const satisfies readonly Shell[];

const EXAMPLES = `
Examples:
  agentstream completion bash > ~/.local/share/bash-completion/completions/agentstream
  echo 'source <(agentstream completion bash)' >> ~/.bashrc
  agentstream completion zsh > "\${fpath[1]}/_agentstream"
  agentstream completion fish > ~/.config/fish/completions/agentstream.fish

The script holds the commands, options and choices of this version, so pressing
Tab starts no process. Write the file again after an update.
`;

/** All other commands must be configured: the script is made from them. */
export function configure(command: Command, { terminal }: CommandContext): void {
  command
    .addArgument(new Argument('<shell>', 'shell of the script').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/completion-script.ts');
      terminal.stdout.write(completionScript(shell, command.parent ?? command));
    });
}

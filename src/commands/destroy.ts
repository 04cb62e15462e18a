import type { Command } from 'commander';
import { addAction, addStackFlags, type CommandContext } from '../cli/options.ts';

const EXAMPLES = `
Examples:
  agentstream destroy                  # show what will be deleted, and ask
  agentstream destroy --yes --json     # for scripts
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('-y, --yes', 'do not ask')
    .option('--verbose', 'list each resource that will be deleted, with its id')
    .option('--force', 'delete the stack even if agentstream did not create it');
  addAction(command, context, EXAMPLES, async () => (await import('../stack/run-destroy.ts')).runDestroy);
}

import type { Command } from 'commander';
import { addStackFlags, type CommandContext } from '../cli/options.ts';
import type { StatusFlags } from '../stack/run-status.ts';

const EXAMPLES = `
Examples:
  agentstream status
  URL=$(agentstream status --url)
  curl -H "x-api-key: $(agentstream status --show-key)" ...

Settings are read from API Gateway and Lambda: it shows what is in effect now,
whatever the template says.
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('--show-key', 'print only the API key')
    .option('--url', 'print only the URL')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: StatusFlags) => {
      const { runStatus } = await import('../stack/run-status.ts');
      await runStatus(flags, context);
    });
}

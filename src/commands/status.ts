import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import { addStackFlags } from '../cli/options.ts';
import type { StatusFlags } from '../stack/run-status.ts';

const EXAMPLES = `
Examples:
  agentstream status
  agentstream status --json | jq .url
  curl -H "x-api-key: $(agentstream status --show-key)" ...

It reads settings back from API Gateway and Lambda, so it shows what holds now, whatever the template says.
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('--show-key', 'print the API key and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: StatusFlags) => {
      const { runStatus } = await import('../stack/run-status.ts');
      await runStatus(flags, context);
    });
}

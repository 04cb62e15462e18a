import type { Command } from 'commander';
import { choiceOption } from '../cli/flag-values.ts';
import { addStackFlags, type CommandContext } from '../cli/options.ts';
import type { OpenApiFlags } from '../openapi/print-openapi.ts';
import { AUTH_MODES } from '../stack/settings/authorization.ts';

const EXAMPLES = `
Examples:
  agentstream openapi > openapi.json
  agentstream openapi --output openapi.json
  agentstream openapi --url https://api.example.com/agent --auth cognito
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('--url <url>', 'describe the API at this base URL, without asking a stack')
    .addOption(choiceOption('--auth <mode>', 'authorization of the API at --url (default: api-key)', AUTH_MODES))
    .option('--output <file>', 'write the document to a file')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: OpenApiFlags) => {
      const { printOpenApi } = await import('../openapi/print-openapi.ts');
      await printOpenApi(flags, context);
    });
}

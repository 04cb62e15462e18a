import type { Command } from 'commander';
import { choiceOption } from '../cli/flag-values.ts';
import { addAction, addStackFlags, type CommandContext } from '../cli/options.ts';
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
    .option('--output <file>', 'write the document to a file');
  addAction(command, context, EXAMPLES, async () => (await import('../openapi/print-openapi.ts')).printOpenApi);
}

import type { Command } from 'commander';
import { addAction, addStackFlags, type CommandContext } from '../cli/options.ts';

const EXAMPLES = `
Examples:
  agentstream status
  URL=$(agentstream status --url)
  curl -H "x-api-key: $(agentstream status --show-key)" ...

Settings are read from API Gateway and Lambda: it shows what is in effect now,
whatever the template says.
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command).option('--show-key', 'print only the API key').option('--url', 'print only the URL');
  addAction(command, context, EXAMPLES, async () => (await import('../stack/run-status.ts')).runStatus);
}

import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import { choiceOption } from '../cli/flag-values.ts';
import { addStackFlags } from '../cli/options.ts';
import type { LogsFlags } from '../stack/run-logs.ts';

const EXAMPLES = `
Examples:
  agentstream logs                       # the last 10 minutes
  agentstream logs --follow              # and what comes; Ctrl-C ends it
  agentstream logs --since 2h --source access
  agentstream logs --json | jq 'select(.access.firstContentMs > 1000)'

Times of an access log count from the call of the function: to all of its headers, to the first byte of content, and to the end
of the stream, which is how long the answer was and not a latency.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--since <time>', 'how far back: 90s, 10m, 2h, 1d, or a date and time', '10m')
    .addOption(
      choiceOption('--source <name>', 'one kind of log (default: both)', ['function', 'access']),
    );
  addStackFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: LogsFlags) => {
      const { runLogs } = await import('../stack/run-logs.ts');
      await runLogs(flags, context);
    });
}

import { type Command, Option } from 'commander';
import { choiceOption } from '../cli/flag-values.ts';
import { addAction, addStackFlags, type CommandContext } from '../cli/options.ts';

const EXAMPLES = `
Examples:
  agentstream logs                       # the last 10 minutes
  agentstream logs --follow              # and new lines until Ctrl-C
  agentstream logs --since 2h --source access
  agentstream logs --json | jq 'select(.access.firstContentMs > 1000)'

Times in an access log start when the function is called. They end at its
headers, at the first byte of content, and at the end of the stream; the last
one is the length of the answer, not a latency.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option('-f, --follow', 'keep printing new lines until Ctrl-C')
    .option('--probes', 'show also the probes of deploy, doctor and bench in the access log')
    .addOption(new Option('--since <time>', 'how far back: 90s, 10m, 2h, 1d, or a date and time').default('10m', '10m'))
    .addOption(
      choiceOption('--source <name>', 'only the log of the function or of the API (default: both)', ['function', 'access']),
    );
  addStackFlags(command);
  addAction(command, context, EXAMPLES, async () => (await import('../stack/run-logs.ts')).runLogs);
}

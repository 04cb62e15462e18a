import type { Command } from 'commander';
import type { ReportFlags } from '../bench/output.ts';
import type { CommandContext } from '../cli/context.ts';

const EXAMPLES = `
Examples:
  agentstream bench merge machine-1.json machine-2.json     # as if one machine had sent it all
  agentstream bench merge turns.ndjson --html report.html   # the report of a run, even of one that broke off
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<files...>', 'reports: files of bench --json or --ndjson')
    .option('--html <file>', 'write the report as one HTML page that needs no network')
    .option('--markdown <file>', 'write the report as Markdown, for a pull request')
    .option('--full', 'print every figure, not one screen')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: ReportFlags) => {
      const { mergeFiles } = await import('../bench/saved-reports.ts');
      await mergeFiles(files, flags, context);
    });
}
